// SPDX-License-Identifier: Apache-2.0
import { qemuArgvTemplateDocument } from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-qemu-argv-template',
  version,
  summary: 'show the QEMU arguments of each boot-preview profile, and run none',
  details: `
Prints, for each of the three profiles, the program and every argument that
seabios-grub-boot-preview-evidence-capture starts QEMU with, with a placeholder in the place of every path.`,
  examples: ['', '--json'],
  fixture: bootPreviewFixture,
  flags: {},
  async run(context) {
    return qemuArgvTemplateDocument(context);
  },
});
