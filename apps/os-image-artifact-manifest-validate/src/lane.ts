// SPDX-License-Identifier: Apache-2.0

import { measureFile } from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import {
  fixtureValidationDocument,
  loadArtifactManifest,
  releaseFixture,
  validateArtifacts,
  validationDocument,
} from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-artifact-manifest-validate',
  version,
  summary: 'measure again everything that an artifact manifest records',
  details: `
With --artifact-manifest: parses the manifest strictly, reads each file it names once, compares digests and
formats, checks that each SBOM obeys SPDX 2.3 and lists its image, and says whether an operator can review it
and, if not, what is missing. Relative paths start at the manifest's own folder. A mismatch or a missing file
is an error and prints no report.
Without it: reports what the release fixture says of candidates.`,
  examples: ['', '--artifact-manifest artifacts/os-images/local-candidate/manifest.txt'],
  fixture: releaseFixture,
  flags: {
    'artifact-manifest': { value: 'path', help: 'the manifest to check' },
  },
  async run({ flags, fixture, manifestPath, cwd, progress }) {
    const path = flags['artifact-manifest'];
    if (path === undefined) return fixtureValidationDocument(manifestPath, fixture);
    const loaded = await loadArtifactManifest(path, cwd);
    const validation = await validateArtifacts(loaded, {
      measure: (artifact) =>
        progress.track(`measuring ${artifact}`, (onBytes) => measureFile(artifact, { onBytes })),
    });
    return validationDocument(manifestPath, validation);
  },
});
