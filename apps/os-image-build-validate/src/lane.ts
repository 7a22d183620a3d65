// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { defineLane } from '@latticra/lane';
import { releaseValidationDocument, validateRelease } from '@latticra/linux-release';
import { checkSourceTag, releaseFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-build-validate',
  version,
  summary: 'a release of a Linux system, measured and taken apart again',
  details: `
Believes nothing of the record: opens each image as firmware and kernel would, finds what UEFI and a BIOS start in it, verifies
the root block by block against the hash on the command line, and makes everything that follows from kernel, initramfs and
root again: helper, unified kernel image, images, manifest and SBOM have to be the same to the last byte. With --inputs the inputs
that the record names are measured, and the release is built again from them, in a private folder that is gone afterwards.
A tag that the record names has to stand for the recorded commit in the repository of the current folder, where that has it.
What is not as it has to be ends it with 65, and there is no report.`,
  examples: [
    '--build-record artifacts/os-images/local-candidate/os-image-build.txt',
    '--build-record artifacts/os-images/1.0/os-image-build.txt --inputs',
  ],
  fixture: releaseFixture,
  flags: {
    'build-record': {
      value: 'path',
      required: true,
      help: 'os-image-build.txt, in the folder of its release',
    },
    inputs: {
      value: 'none',
      help: 'build the release again from the inputs, whose paths start at the current folder',
    },
  },
  async run({ flags, cwd, env, manifestPath, progress, signal }) {
    const path = flags['build-record'];
    const validation = await validateRelease({
      path,
      resolvedPath: resolve(cwd, path),
      inputsFrom: flags.inputs ? cwd : undefined,
      tracker: progress,
      signal,
    });
    return releaseValidationDocument(
      manifestPath,
      validation,
      await checkSourceTag(validation.record, cwd, env),
    );
  },
});
