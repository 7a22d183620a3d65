// SPDX-License-Identifier: Apache-2.0
import { evidenceTemplateDocument } from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-evidence-template',
  version,
  summary: 'show what the record of a boot has to say, and record none',
  details: `
Prints the fields of a boot's evidence record in their order, for each of the three profiles, each with what has to
stand there. Records are made by seabios-grub-boot-preview-evidence-capture, which boots an image with the operator's
consent.`,
  examples: ['', '--json'],
  fixture: bootPreviewFixture,
  flags: {},
  async run(context) {
    return evidenceTemplateDocument(context);
  },
});
