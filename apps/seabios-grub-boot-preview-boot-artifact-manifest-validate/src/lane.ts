// SPDX-License-Identifier: Apache-2.0
import { blockedBootArtifactManifestValidation } from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-boot-artifact-manifest-validate',
  version,
  summary: 'check a boot artifact manifest again, or say what one needs',
  details: `
Without a manifest it reports what the boot-preview fixture says of one, and every field that it will need.`,
  examples: ['', '--json'],
  fixture: bootPreviewFixture,
  flags: {},
  async run(context) {
    return blockedBootArtifactManifestValidation(context);
  },
});
