// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { artifactManifestTemplateDocument, releaseFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-artifact-manifest-template',
  version,
  summary: 'show what an artifact manifest has to say, and write none',
  details: `
Prints the fields of an artifact manifest in their order, each with what has to stand there. To record files
that exist, use latticra-os-image-artifact-manifest-from-files, which measures them.`,
  examples: ['', '--json'],
  fixture: releaseFixture,
  flags: {},
  async run({ fixture, manifestPath }) {
    return artifactManifestTemplateDocument(manifestPath, fixture);
  },
});
