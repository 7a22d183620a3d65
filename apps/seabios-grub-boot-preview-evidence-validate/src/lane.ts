// SPDX-License-Identifier: Apache-2.0
import { blockedEvidenceValidation } from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-evidence-validate',
  version,
  summary: 'check boot evidence again, or say which is missing',
  details: `
Without a record it reports what the boot-preview fixture says of boots, and every field that a record will need.`,
  examples: ['', '--json'],
  fixture: bootPreviewFixture,
  flags: {},
  async run(context) {
    return blockedEvidenceValidation(context);
  },
});
