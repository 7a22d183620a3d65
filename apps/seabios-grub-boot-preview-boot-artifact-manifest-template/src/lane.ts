// SPDX-License-Identifier: Apache-2.0
import { bootArtifactManifestTemplateDocument } from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-boot-artifact-manifest-template',
  version,
  summary: 'show what a boot artifact manifest has to say, and write none',
  details: `
Prints the fields of a boot artifact manifest in their order. Such a manifest is written beside each image that
seabios-grub-boot-preview-image-build makes.`,
  examples: ['', '--json'],
  fixture: bootPreviewFixture,
  flags: {},
  async run(context) {
    return bootArtifactManifestTemplateDocument(context);
  },
});
