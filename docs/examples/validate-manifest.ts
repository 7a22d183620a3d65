// SPDX-License-Identifier: Apache-2.0
// Checks in CI the release that somebody else delivered: `node validate-manifest.mjs delivery/manifest.txt`.
// Every image is measured again and looked into; nothing outside of the manifest's folder is read.
import { Failure } from '@latticra/failure';
import { loadArtifactManifest, validateArtifacts } from '@latticra/manifest';

const [path = 'manifest.txt'] = process.argv.slice(2);
try {
  const loaded = await loadArtifactManifest(path, process.cwd());
  const { iso, vmImage, missingForReview } = await validateArtifacts(loaded, {
    signal: AbortSignal.timeout(10 * 60_000),
  });
  for (const image of [iso, vmImage]) {
    if (image) console.log(`ok ${image.measurement.sha256} ${image.record.path}`);
  }
  for (const missing of missingForReview) console.log(`missing for a review: ${missing}`);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  // A job log has one line: what is wrong, and what to do.
  console.error(`${error.code}: ${error.message}${error.fix === undefined ? '' : `; ${error.fix}`}`);
  process.exitCode = error.kind === 'data' ? 1 : 2;
}
