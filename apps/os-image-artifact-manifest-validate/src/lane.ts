// SPDX-License-Identifier: Apache-2.0
import { escapeControls, type Section } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import {
  fixtureValidationDocument,
  inspectTracked,
  loadArtifactManifest,
  releaseFixture,
  validateArtifacts,
  validationDocument,
} from '@latticra/manifest';
import { isOperatorBundle, verifyOperatorBundle } from '@latticra/operator-bundle';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-artifact-manifest-validate',
  version,
  summary: 'measure again everything that an artifact manifest records',
  details: `
With --artifact-manifest: parses the manifest strictly, reads each file it names once, compares digests and
formats, checks that each SBOM obeys SPDX 2.3 and lists its image, and says whether an operator can review it
and, if not, what is missing. Relative paths start at the manifest's own folder, and every path has to lead to a
file there or below, unless --allow-outside is given. A mismatch or a missing file
is an error and prints no report. Beside a file that only an operator bundle has it verifies the whole bundle: every
file, its SHA256SUMS, every document by making it again, and what else lies there.
Without it: reports what the release fixture says of candidates.`,
  examples: ['', '--artifact-manifest artifacts/os-images/local-candidate/manifest.txt'],
  fixture: releaseFixture,
  flags: {
    'artifact-manifest': { value: 'path', help: 'the artifact manifest of the release' },
    'allow-outside': {
      value: 'none',
      help: "take files outside of the manifest's folder as well",
    },
  },
  async run({ flags, fixture, manifestPath, cwd, progress }) {
    const path = flags['artifact-manifest'];
    if (path === undefined) return fixtureValidationDocument(manifestPath, fixture);
    const loaded = await loadArtifactManifest(path, cwd);
    if (await isOperatorBundle(loaded.folder)) {
      // A bundle says of every file in it what it has to be, so all of it is checked, not the images alone.
      const added: string[] = [];
      const bundle = await progress.track(`verifying ${loaded.folder}`, (onBytes) =>
        verifyOperatorBundle(loaded.folder, { onBytes, onAdded: (name) => added.push(name) }),
      );
      const document = validationDocument(manifestPath, { ...bundle, loaded });
      return { ...document, sections: [...document.sections, ...addedSection(added)] };
    }
    const inspect = inspectTracked(progress);
    const validation = await validateArtifacts(loaded, {
      inspect: (artifact) => inspect(artifact),
      allowOutside: flags['allow-outside'],
    });
    return validationDocument(manifestPath, validation);
  },
});

/**
 * Makes a section of the files that lie in a bundle's folder without being part of it, such as a serial log. They are
 * named, and not judged.
 */
function addedSection(names: readonly string[]): Section[] {
  if (names.length === 0) return [];
  const fields = names.map((name, index) => ({
    key: `added_${String(index + 1).padStart(2, '0')}`,
    value: escapeControls(name),
  }));
  return [{ name: 'not_part_of_the_bundle', fields }];
}
