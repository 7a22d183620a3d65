// SPDX-License-Identifier: Apache-2.0
import { preflightDocument, surveyPreflight } from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-preflight',
  version,
  summary: 'say where the boot preview stands and which tools are here, and change nothing',
  details: `
Reads the boot-preview fixture, checks that it claims nothing that was not reviewed, and reports each fact in it,
together with the programs on PATH and whether UEFI firmware is installed. Runs none of them, writes nothing.`,
  examples: ['', '--json', '--manifest installer/manifests/seabios-grub-boot-preview.toml'],
  fixture: bootPreviewFixture,
  flags: {},
  async run(context) {
    return preflightDocument(context, surveyPreflight(context.env));
  },
});
