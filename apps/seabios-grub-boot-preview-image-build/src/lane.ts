// SPDX-License-Identifier: Apache-2.0
import { buildProfileImage, imageBuildDocument, PROFILE_NAMES, profileNamed } from '@latticra/boot-preview';
import { readEpoch } from '@latticra/boot-seed';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-image-build',
  version,
  summary: 'build the image of a boot-preview profile: GRUB around the boot seed',
  details: `
Makes the profile's image with the machine's own GRUB, and beside it the kernel, grub.cfg, an SBOM, recovery and
rollback texts and the boot artifact manifest that names them all. Needs no root and no loop device, and boots nothing.
The folder appears whole or not at all. The build id is a new random one unless --build-id pins it; then, with the same
SOURCE_DATE_EPOCH and the same GRUB, the bytes are the same everywhere.`,
  examples: [
    '--profile x86_64-grub2-uefi-preview',
    '--profile x86_64-seabios-grub-preview --output-dir build/preview --build-id nightly.42',
  ],
  fixture: bootPreviewFixture,
  flags: {
    profile: { value: 'choice', choices: PROFILE_NAMES, required: true, help: 'what to build' },
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      help: 'new or empty folder (default: build/boot-preview/<profile>)',
    },
    'build-id': {
      value: 'text',
      placeholder: 'id',
      help: 'what the kernel reports: 1 to 111 letters, digits and ._+- (default: a new random one)',
    },
    kernel: { value: 'path', help: "another build of the boot seed's kernel (default: the one that ships)" },
  },
  async run({ flags, cwd, env, progress, signal }) {
    const profile = profileNamed(flags.profile).name;
    const build = await progress.track(
      `building the image of ${profile}`,
      (onBytes) =>
        buildProfileImage(
          {
            profile,
            outputDir: flags['output-dir'] ?? `build/boot-preview/${profile}`,
            epoch: readEpoch(env),
            toolVersion: version,
            ...(flags.kernel !== undefined && { kernel: flags.kernel }),
            ...(flags['build-id'] !== undefined && { buildId: flags['build-id'] }),
          },
          { cwd, env, signal, onBytes },
        ),
      undefined,
    );
    return imageBuildDocument(build);
  },
});
