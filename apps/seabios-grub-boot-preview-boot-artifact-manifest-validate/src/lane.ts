// SPDX-License-Identifier: Apache-2.0
import {
  blockedBootArtifactManifestValidation,
  bootArtifactManifestValidationDocument,
  loadBootArtifactManifest,
  validateBootArtifacts,
} from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-boot-artifact-manifest-validate',
  version,
  summary: 'check a boot artifact manifest again, or say what one needs',
  details: `
With a manifest: measures every file that it names, looks into the image for the profile's partitions and boot loader,
and for the kernel and grub.cfg that lie beside it, and checks the SBOM. What does not hold is exit code 65, with the
field. Nothing is booted, and nothing is claimed.
Without one it reports what the boot-preview fixture says of one, and every field that it will need.`,
  examples: ['', '--json', '--boot-artifact-manifest x86_64-grub2-uefi-preview-boot-artifact-manifest.txt'],
  fixture: bootPreviewFixture,
  flags: {
    'boot-artifact-manifest': { value: 'path', help: 'the manifest of a boot image' },
  },
  async run(context) {
    const { flags, cwd, progress } = context;
    const path = flags['boot-artifact-manifest'];
    if (path === undefined) return blockedBootArtifactManifestValidation(context);
    const loaded = await loadBootArtifactManifest(path, cwd);
    const validation = await progress.track(
      'reading the image',
      (onBytes) => validateBootArtifacts(loaded, { onBytes }),
      undefined,
    );
    return bootArtifactManifestValidationDocument(context, validation);
  },
});
