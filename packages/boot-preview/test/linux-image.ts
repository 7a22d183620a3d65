// SPDX-License-Identifier: Apache-2.0
/** A real Linux on an ISO of a profile, with the manifest, the SBOM and the consent that a capture asks for. */
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureFile } from '@latticra/held-files';
import { buildSbom, formatCreated, formatSbom, grubPackage } from '@latticra/sbom';
import { type LinuxDoes, writeLinuxIso } from '../../../tools/testing/linux-iso.js';
import { bootArtifactManifest, operatorConsent, profileNamed } from '../src/index.js';
import { type ConsentedImage, REVIEW_ID } from './captures.js';

const PROFILE = profileNamed('x86_64-seabios-grub-preview');

/** Writes such an image below `cwd`, and consents to it. */
export async function linuxImage(cwd: string, does: LinuxDoes, buildId: string): Promise<ConsentedImage> {
  const folder = join(cwd, does);
  mkdirSync(folder);
  renameSync(writeLinuxIso(cwd, does, buildId, 'all'), join(folder, 'linux.iso'));
  const boot = join(cwd, `${does}-tree/boot`);
  copyFileSync(join(boot, 'vmlinuz'), join(folder, 'vmlinuz'));
  copyFileSync(join(boot, 'initrd'), join(folder, 'initrd'));
  copyFileSync(join(boot, 'grub/grub.cfg'), join(folder, 'grub.cfg'));
  writeFileSync(join(folder, 'recovery.txt'), 'Restart the machine without the disc.\n');
  writeFileSync(join(folder, 'rollback.txt'), 'Nothing was changed.\n');
  const grub = grubPackage('2.06');
  const names = ['linux.iso', 'vmlinuz', 'initrd', 'grub.cfg', 'recovery.txt', 'rollback.txt'];
  const files = await Promise.all(
    names.map(async (name, index) => {
      const { size, sha1, sha256 } = await measureFile(join(folder, name), { sha1: true });
      return { id: `File-${index}`, name: `./${name}`, size, sha1, sha256, types: ['OTHER'] as const };
    }),
  );
  const sbom = buildSbom({
    name: `linux-${buildId}`,
    created: formatCreated(0),
    tool: { name: 'test', version: '0' },
    describes: ['Package-linux'],
    packages: [{ id: 'Package-linux', name: 'linux', version: buildId, purpose: 'OTHER', files }, grub],
    relationships: [{ from: 'File-0', type: 'CONTAINS', to: grub.id }],
  });
  writeFileSync(join(folder, 'sbom.json'), formatSbom(sbom));
  const recorded = async (path: string) => ({ path, sha256: (await measureFile(join(folder, path))).sha256 });
  const artifact = await recorded('linux.iso');
  const { artifactFormat: format, targetFirmware, targetBootloader, partitionScheme } = PROFILE;
  writeFileSync(
    join(folder, 'manifest.txt'),
    bootArtifactManifest.format({
      artifactId: `${PROFILE.name}.${buildId}`,
      format,
      artifact,
      targetFirmware,
      targetBootloader,
      partitionScheme,
      biosBootPartitionDeclared: PROFILE.biosBootPartition,
      efiSystemPartitionDeclared: PROFILE.efiSystemPartition,
      grubConfig: await recorded('grub.cfg'),
      kernelImage: await recorded('vmlinuz'),
      initramfs: await recorded('initrd'),
      operatorRecoveryPath: 'recovery.txt',
      rollbackOrRecoveryPath: 'rollback.txt',
      sbom: await recorded('sbom.json'),
      signature: undefined,
    }),
  );
  const consent = { operatorReviewId: REVIEW_ID, profile: PROFILE.name, diskImageSha256: artifact.sha256 };
  writeFileSync(join(folder, 'consent.txt'), operatorConsent.format(consent));
  return {
    profile: PROFILE.name,
    manifest: `${does}/manifest.txt`,
    consent: `${does}/consent.txt`,
    imageSha256: artifact.sha256,
    buildId,
  };
}
