// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { type BootArtifactManifest, bootArtifactManifest } from './schema.js';

const file = (path: string, digit: string) => ({ path, sha256: digit.repeat(64) });
const good: BootArtifactManifest = {
  artifactId: 'x86_64-grub2-bios-preview.nightly.1',
  format: 'raw',
  artifact: file('disk.raw', 'a'),
  targetFirmware: 'seabios',
  targetBootloader: 'grub2-bios',
  partitionScheme: 'gpt',
  biosBootPartitionDeclared: true,
  efiSystemPartitionDeclared: false,
  grubConfig: file('grub.cfg', 'b'),
  kernelImage: file('kernel.elf', 'c'),
  initramfs: undefined,
  operatorRecoveryPath: 'recovery.txt',
  rollbackOrRecoveryPath: 'rollback.txt',
  sbom: file('sbom.spdx.json', 'd'),
  signature: undefined,
};
const write = (manifest: BootArtifactManifest) => bootArtifactManifest.format(manifest);
const TEXT = write(good);

describe('bootArtifactManifest', () => {
  it('a boot artifact manifest has the fields of the template, in its order', () => {
    expect(TEXT.match(/^\w+(?==)/gm)).toEqual(bootArtifactManifest.keys);
  });

  it('a boot artifact manifest that was written is read back the same', () => {
    expect(bootArtifactManifest.parse(TEXT)).toEqual(good);
  });

  const PATHS = TEXT.match(/^\w+_path(?==)/gm) ?? [];

  it('a boot artifact manifest has eight paths', () => expect(PATHS).toHaveLength(8));

  it.each(PATHS)('a boot artifact manifest whose %s is not below its folder is refused', (key) => {
    for (const bad of ['', '../a', '/etc/passwd', 'a/../b', './a', 'a//b', 'a\\b', '..', 'a/']) {
      const text = TEXT.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${bad}`);
      expect(() => bootArtifactManifest.parse(text), bad).toThrow(
        expect.objectContaining({ kind: 'data', message: expect.stringContaining(key) }),
      );
    }
  });

  it('a boot artifact manifest with a digest of nothing, a further field or no console is refused', () => {
    const refuse = (from: RegExp, to: string, message: string) =>
      expect(() => bootArtifactManifest.parse(TEXT.replace(from, to))).toThrow(message);
    refuse(
      /signature_sha256=none/,
      `signature_sha256=sha256:${'a'.repeat(64)}`,
      'signature_sha256: expected "none"',
    );
    refuse(
      /initramfs_sha256=none/,
      `initramfs_sha256=sha256:${'a'.repeat(64)}`,
      'initramfs_sha256: expected "none"',
    );
    refuse(/serial_console_enabled=1/, 'serial_console_enabled=0', 'serial_console_enabled: expected "1"');
    refuse(/$/, 'boot_ready=1\n', 'boot_ready: expected no such key');
    refuse(/$/, 'bootable_os_ready=1\n', 'bootable_os_ready: expected 0');
    refuse(/$/, 'production_os_claim=0\n', 'production_os_claim: expected no such key');
  });
});
