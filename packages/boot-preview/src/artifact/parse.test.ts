// SPDX-License-Identifier: Apache-2.0
import { formatDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOT_ARTIFACT_MANIFEST_FIELDS } from '../document/boot-artifact-manifest-fields.js';
import { bootArtifactManifestDocument } from './format.js';
import { parseBootArtifactManifest } from './parse.js';
import {
  ARTIFACT_FORMATS,
  type BootArtifactManifest,
  PARTITION_SCHEMES,
  TARGET_BOOTLOADERS,
  TARGET_FIRMWARES,
} from './schema.js';

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
const write = (manifest: BootArtifactManifest) => formatDocument(bootArtifactManifestDocument(manifest));
const TEXT = write(good);

const path = fc
  .array(fc.stringMatching(/^[A-Za-z0-9äß _=,:-]{1,8}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
  .filter((text) => text.trim() === text && text !== 'none' && text !== 'unsigned-local');
const recorded = fc.record({ path, sha256: fc.stringMatching(/^[0-9a-f]{64}$/) });
const manifests: fc.Arbitrary<BootArtifactManifest> = fc.record({
  artifactId: fc.stringMatching(/^[a-z0-9._-]{1,30}$/),
  format: fc.constantFrom(...ARTIFACT_FORMATS),
  artifact: recorded,
  targetFirmware: fc.constantFrom(...TARGET_FIRMWARES),
  targetBootloader: fc.constantFrom(...TARGET_BOOTLOADERS),
  partitionScheme: fc.constantFrom(...PARTITION_SCHEMES),
  biosBootPartitionDeclared: fc.boolean(),
  efiSystemPartitionDeclared: fc.boolean(),
  grubConfig: recorded,
  kernelImage: recorded,
  initramfs: fc.option(recorded, { nil: undefined }),
  operatorRecoveryPath: path,
  rollbackOrRecoveryPath: path,
  sbom: recorded,
  signature: fc.option(recorded, { nil: undefined }),
});

describe('parseBootArtifactManifest', () => {
  it('reads the fields of the template, in its order', () => {
    expect(TEXT.match(/^\w+(?==)/gm)).toEqual([...BOOT_ARTIFACT_MANIFEST_FIELDS]);
  });

  it('gives back every manifest that can be written', () => {
    expect(parseBootArtifactManifest(TEXT)).toEqual(good);
    fc.assert(
      fc.property(manifests, (manifest) => {
        expect(parseBootArtifactManifest(write(manifest))).toEqual(manifest);
      }),
      { numRuns: 100 },
    );
  });

  it('accepts nothing that would be written otherwise, whatever one line is changed to', () => {
    const lines = TEXT.split('\n').slice(0, -1);
    const words = [
      '',
      '0',
      '1',
      'none',
      'unsigned-local',
      'raw',
      'gpt',
      '../x',
      '/x',
      `sha256:${'e'.repeat(64)}`,
    ];
    const value = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(fc.nat(lines.length - 1), value, (at, word) => {
        const changed = `${lines[at]?.split('=')[0]}=${word}`;
        const text = `${lines.map((old, index) => (index === at ? changed : old)).join('\n')}\n`;
        try {
          expect(write(parseBootArtifactManifest(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect(error).toMatchObject({ kind: 'data' });
        }
      }),
      { numRuns: 400 },
    );
  });

  const PATHS = TEXT.match(/^\w+_path(?==)/gm) ?? [];

  it('has paths to be careful about', () => expect(PATHS).toHaveLength(8));

  it.each(PATHS)('keeps %s below its folder', (key) => {
    for (const bad of ['', '../a', '/etc/passwd', 'a/../b', './a', 'a//b', 'a\\b', '..', 'a/']) {
      const text = TEXT.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${bad}`);
      expect(() => parseBootArtifactManifest(text), bad).toThrow(
        expect.objectContaining({ kind: 'data', message: expect.stringContaining(key) }),
      );
    }
  });

  it('refuses digests of nothing, fields too many and consoles off', () => {
    const refuse = (from: RegExp, to: string, message: string) =>
      expect(() => parseBootArtifactManifest(TEXT.replace(from, to))).toThrow(message);
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
