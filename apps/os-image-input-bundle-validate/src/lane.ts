// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import {
  inputBundleValidationDocument,
  inspectTracked,
  loadInputBundle,
  measureTracked,
  releaseFixture,
  validateInputBundle,
} from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-input-bundle-validate',
  version,
  summary: 'measure again everything that an input bundle manifest records',
  details: `
Parses the manifest strictly, reads each file it names once, compares digests and the format of the root file
system, and checks its archive to the end without unpacking it. Relative paths start at the manifest's own
folder. A mismatch or a missing file is an error and prints no report.`,
  examples: ['--input-manifest build/os-image/input-bundle.txt'],
  fixture: releaseFixture,
  flags: {
    'input-manifest': { value: 'path', required: true, help: 'the input bundle manifest' },
    'allow-outside': {
      value: 'none',
      help: "take files outside of the manifest's folder as well",
    },
  },
  async run({ flags, fixture, manifestPath, cwd, progress }) {
    const loaded = await loadInputBundle(flags['input-manifest'], cwd);
    const validation = await validateInputBundle(loaded, {
      measure: measureTracked(progress),
      inspect: inspectTracked(progress),
      allowOutside: flags['allow-outside'],
    });
    return inputBundleValidationDocument(manifestPath, fixture, validation);
  },
});
