// SPDX-License-Identifier: Apache-2.0

import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { pathOf } from '@latticra/held-files';
import { describe, expect, it } from 'vitest';
import { BOOT_ISO, QCOW2_DISK, RAW_DISK, SIGNATURE, sha256Of } from '../../../../tools/testing/images.js';
import { testFolder } from '../../test/folder.js';
import { artifactManifest, inspectFile, type ManifestFiles, manifestFromFiles } from '../index.js';

const folder = testFolder();
const NOTHING: ManifestFiles = {
  artifactVersion: 'v',
  sourceCommit: 'c',
  sourceTag: 'none',
  buildEnvironment: 'e',
  iso: { path: 'none', signature: 'none', sbom: 'none' },
  vmImage: { path: 'none', format: 'none', signature: 'none', sbom: 'none' },
  operatorRecoveryPath: 'none',
};
const record = (files: Partial<ManifestFiles>) =>
  manifestFromFiles({ ...NOTHING, ...files }, { cwd: folder.path });
const iso = (path: string, signature = 'none', sbom = 'none') => ({ iso: { path, signature, sbom } });
const vm = (path: string, format: 'raw' | 'qcow2' | 'none', signature = 'none', sbom = 'none') => ({
  vmImage: { path, format, signature, sbom },
});
const KEYS_OF_PATHS = ['iso_artifact_path', 'iso_signature_path', 'iso_sbom_path', 'operator_recovery_path'];
const refused = (code: string, text: string) =>
  expect.objectContaining({ code, kind: 'data', message: expect.stringContaining(text) });

describe('manifestFromFiles', () => {
  it('an artifact manifest measures what is there, and says none of what is not', async () => {
    folder.write('a.iso', BOOT_ISO);
    folder.write('out/b.qcow2', QCOW2_DISK);
    folder.write('b.sig', SIGNATURE);
    folder.write('sbom.json', '{}');
    folder.write('recovery.md', '# Recovery\n');
    const manifest = await record({
      ...iso('a.iso', 'unsigned-local', 'sbom.json'),
      ...vm('out/b.qcow2', 'qcow2', 'b.sig'),
      operatorRecoveryPath: 'recovery.md',
    });
    expect(manifest).toEqual({
      artifactVersion: 'v',
      sourceCommit: 'c',
      sourceTag: 'none',
      buildEnvironment: 'e',
      iso: {
        path: folder.at('a.iso'),
        sha256: sha256Of(BOOT_ISO),
        signaturePath: 'unsigned-local',
        sbomPath: folder.at('sbom.json'),
      },
      vmImage: {
        path: folder.at('out/b.qcow2'),
        format: 'qcow2',
        sha256: sha256Of(QCOW2_DISK),
        signaturePath: folder.at('b.sig'),
        sbomPath: 'none',
      },
      operatorRecoveryPath: folder.at('recovery.md'),
    });
    const relative = await record({
      ...iso('a.iso'),
      ...vm('out/b.qcow2', 'qcow2'),
      operatorRecoveryPath: 'https://example.org/recovery',
      relativeTo: 'out',
    });
    expect([relative.iso?.path, relative.vmImage?.path]).toEqual(['../a.iso', 'b.qcow2']);
    expect(relative.operatorRecoveryPath).toBe('https://example.org/recovery');
  });

  it('an artifact manifest of no files records no artifact', async () => {
    expect(await record({})).toMatchObject({
      iso: undefined,
      vmImage: undefined,
      operatorRecoveryPath: 'none',
    });
  });

  it.each(["a b'$é,:=.iso", '-x.iso', ' lead.iso', '漢字.iso', 'x://y.iso'])(
    'an artifact manifest writes the name %j so that it is read back the same',
    async (name) => {
      folder.write(name, BOOT_ISO);
      for (const relativeTo of [undefined, folder.path]) {
        const manifest = await record({ ...iso(name), ...(relativeTo && { relativeTo }) });
        const text = artifactManifest.format(manifest);
        expect(artifactManifest.parse(text)).toEqual(manifest);
        expect(manifest.iso?.sha256).toBe(sha256Of(BOOT_ISO));
      }
    },
  );

  it.each(['none', 'unsigned-local'])('a file named %s is not taken for the word', async (word) => {
    folder.write('a.iso', BOOT_ISO);
    const written: (string | undefined)[] = [];
    for (const [content, files] of [
      [BOOT_ISO, iso(`./${word}`)],
      [SIGNATURE, iso('a.iso', `./${word}`)],
      ['{}', iso('a.iso', 'none', `./${word}`)],
      ['# Recovery\n', { operatorRecoveryPath: `./${word}` }],
    ] as const) {
      folder.write(word, content);
      const manifest = await record({ ...files, relativeTo: '.' });
      const text = artifactManifest.format(manifest);
      expect(artifactManifest.parse(text)).toEqual(manifest);
      written.push(text);
    }
    for (const [index, key] of KEYS_OF_PATHS.entries()) {
      expect(written[index]).toContain(`${key}=./${word}\n`);
    }
  });

  it('an artifact other than a signature cannot be declared unsigned-local', async () => {
    folder.write('a.iso', BOOT_ISO);
    await expect(record(iso('a.iso', 'none', 'unsigned-local'))).rejects.toThrow(
      refused('manifest', '--iso-sbom'),
    );
    await expect(record({ operatorRecoveryPath: 'unsigned-local' })).rejects.toThrow(
      refused('manifest', '--operator-recovery-path'),
    );
  });

  it('a VM image of another format than declared is refused', async () => {
    folder.write('raw', RAW_DISK);
    folder.write('qcow2', QCOW2_DISK);
    folder.write('short', 'QFI');
    folder.write('empty', '');
    for (const [name, found] of [
      ['raw', 'a raw disk image'],
      ['short', 'text'],
      ['empty', 'an empty file'],
    ] as const) {
      await expect(record(vm(name, 'qcow2')), name).rejects.toThrow(
        refused('format', `${name}: found ${found}, expected a qcow2 image`),
      );
    }
    await expect(record(vm('qcow2', 'raw'))).rejects.toThrow(refused('format', 'found a qcow2 image'));
    expect((await record(vm('raw', 'raw'))).vmImage?.format).toBe('raw');
  });

  it('an image without a format, a format without an image, and a sidecar of no image are refused', async () => {
    folder.write('a', BOOT_ISO);
    await expect(record(vm('a', 'none'))).rejects.toThrow(refused('manifest', 'format'));
    await expect(record(vm('none', 'raw'))).rejects.toThrow(refused('manifest', 'format'));
    await expect(record(iso('none', 'a'))).rejects.toThrow(refused('manifest', '--iso-signature'));
    await expect(record(iso('none', 'unsigned-local'))).rejects.toThrow(
      refused('manifest', '--iso-signature'),
    );
    await expect(record(iso('none', 'none', 'a'))).rejects.toThrow(refused('manifest', '--iso-sbom'));
    await expect(record(vm('none', 'none', 'a'))).rejects.toThrow(refused('manifest', '--vm-signature'));
    await expect(record(vm('none', 'none', 'none', 'a'))).rejects.toThrow(refused('manifest', '--vm-sbom'));
  });

  it('any file that is missing, or is no file, is refused', async () => {
    folder.write('a.iso', BOOT_ISO);
    mkdirSync(folder.at('folder'));
    for (const [name, code] of [
      ['missing', 'not-found'],
      ['folder', 'not-regular'],
    ] as const) {
      for (const files of [
        iso(name),
        iso('a.iso', name),
        iso('a.iso', 'none', name),
        vm(name, 'raw'),
        { operatorRecoveryPath: name },
      ]) {
        await expect(record(files)).rejects.toThrow(expect.objectContaining({ code }));
      }
    }
  });

  it.each<[string, string | Uint8Array, string, string]>([
    ['xz data', Buffer.from('fd377a585a0000', 'hex'), 'found xz data', 'decompress it with xz -d'],
    ['an HTML page', '<!DOCTYPE html><p>404</p>', 'found an HTML page', 'download the file again'],
    ['nothing', '', 'found an empty file', 'name the file that was meant'],
    ['a qcow2 image', QCOW2_DISK, 'found a qcow2 image', 'name it as qcow2'],
    ['half an image', BOOT_ISO.subarray(0, 100_000), 'a.iso: ', ''],
  ])('an ISO that is %s is refused by what was found', async (_, content, found, fix) => {
    folder.write('a.iso', content);
    await expect(record(iso('a.iso'))).rejects.toMatchObject({
      code: 'format',
      kind: 'data',
      message: expect.stringContaining(found),
      ...(fix !== '' && { fix: expect.stringContaining(fix) }),
    });
  });

  it.each([
    ['the image itself', BOOT_ISO],
    ['empty', ''],
    ['text', 'signed by me'],
  ])('a signature that is %s is refused', async (_, content) => {
    folder.write('a.iso', BOOT_ISO);
    folder.write('a.sig', content);
    await expect(record(iso('a.iso', 'a.sig'))).rejects.toThrow(refused('format', 'expected a signature'));
  });

  it('an SBOM or a runbook that is something else is refused', async () => {
    folder.write('a.iso', BOOT_ISO);
    folder.write('page', '<html></html>');
    await expect(record(iso('a.iso', 'none', 'page'))).rejects.toThrow(
      refused('format', 'page: found an HTML page, expected an SPDX document'),
    );
    for (const name of ['page', 'a.iso']) {
      await expect(record({ operatorRecoveryPath: name })).rejects.toThrow(
        refused('format', 'expected text'),
      );
    }
  });

  it.each(['http://example.org/x', 'javascript:alert(1)', 'file:///etc/passwd', 'https:x', 'https://'])(
    'the runbook %s is no address that counts',
    async (operatorRecoveryPath) => {
      await expect(record({ operatorRecoveryPath })).rejects.toThrow(refused('manifest', 'https URL'));
    },
  );

  it('a runbook whose name looks like an address is written so that it is read as a file', async () => {
    folder.write('http:notes.md', '# Recovery\n');
    const manifest = await record({ operatorRecoveryPath: './http:notes.md', relativeTo: '.' });
    expect(manifest.operatorRecoveryPath).toBe('./http:notes.md');
  });

  it('each image is read once, by the measurement that was given', async () => {
    folder.write('a.iso', BOOT_ISO);
    folder.write('b.raw', RAW_DISK);
    const measured: string[] = [];
    await manifestFromFiles(
      { ...NOTHING, ...iso('a.iso'), ...vm('b.raw', 'raw') },
      {
        cwd: folder.path,
        inspect: (file) => {
          measured.push(basename(pathOf(file)));
          return inspectFile(file);
        },
      },
    );
    expect(measured).toEqual(['a.iso', 'b.raw']);
  });
});
