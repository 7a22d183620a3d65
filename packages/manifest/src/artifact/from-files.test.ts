// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { measureFile } from '@latticra/held-files';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../test/folder.js';
import { artifactManifest, type ManifestFiles, manifestFromFiles } from '../index.js';

const folder = testFolder();
const QCOW2 = Buffer.from('QFI\u00fb\0\0\0\u0003rest', 'latin1');
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
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
const refused = (code: string, text: string) =>
  expect.objectContaining({ code, kind: 'data', message: expect.stringContaining(text) });

describe('manifestFromFiles', () => {
  it('an artifact manifest measures what is there, and says none of what is not', async () => {
    folder.write('a.iso', 'iso');
    folder.write('out/b.qcow2', QCOW2);
    folder.write('b.sig', '');
    folder.write('sbom.json', '{}');
    folder.write('recovery.md', '');
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
        sha256: sha256('iso'),
        signaturePath: 'unsigned-local',
        sbomPath: folder.at('sbom.json'),
      },
      vmImage: {
        path: folder.at('out/b.qcow2'),
        format: 'qcow2',
        sha256: sha256(QCOW2),
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
      folder.write(name, name);
      for (const relativeTo of [undefined, folder.path]) {
        const manifest = await record({ ...iso(name), ...(relativeTo && { relativeTo }) });
        const text = artifactManifest.format(manifest);
        expect(artifactManifest.parse(text)).toEqual(manifest);
        expect(manifest.iso?.sha256).toBe(sha256(name));
      }
    },
  );

  it.each(['none', 'unsigned-local'])('a file named %s is not taken for the word', async (word) => {
    folder.write(word, 'x');
    folder.write('a.iso', 'iso');
    const manifest = await record({
      iso: { path: `./${word}`, signature: `./${word}`, sbom: `./${word}` },
      operatorRecoveryPath: `./${word}`,
      relativeTo: '.',
    });
    expect(manifest.iso).toMatchObject({
      path: `./${word}`,
      signaturePath: `./${word}`,
      sbomPath: `./${word}`,
    });
    expect(manifest.operatorRecoveryPath).toBe(`./${word}`);
    const text = artifactManifest.format(manifest);
    expect(artifactManifest.parse(text)).toEqual(manifest);
  });

  it('an artifact other than a signature cannot be declared unsigned-local', async () => {
    folder.write('a.iso', 'iso');
    await expect(record(iso('a.iso', 'none', 'unsigned-local'))).rejects.toThrow(
      refused('manifest', '--iso-sbom'),
    );
    await expect(record({ operatorRecoveryPath: 'unsigned-local' })).rejects.toThrow(
      refused('manifest', '--operator-recovery-path'),
    );
  });

  it('a VM image of another format than declared is refused', async () => {
    folder.write('raw', Buffer.alloc(1024));
    folder.write('qcow2', QCOW2);
    folder.write('short', 'QFI');
    folder.write('empty', '');
    for (const name of ['raw', 'short', 'empty']) {
      await expect(record(vm(name, 'qcow2')), name).rejects.toThrow(
        refused('format', `${name}: expected a qcow2 image, found raw content`),
      );
    }
    await expect(record(vm('qcow2', 'raw'))).rejects.toThrow(refused('format', 'found qcow2 content'));
    expect((await record(vm('raw', 'raw'))).vmImage?.format).toBe('raw');
  });

  it('an image without a format, a format without an image, and a sidecar of no image are refused', async () => {
    folder.write('a', 'x');
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
    folder.write('a.iso', 'iso');
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

  it('each image is read once, by the measurement that was given', async () => {
    folder.write('a.iso', 'iso');
    folder.write('b.raw', 'raw');
    const measured: string[] = [];
    await manifestFromFiles(
      { ...NOTHING, ...iso('a.iso'), ...vm('b.raw', 'raw') },
      {
        cwd: folder.path,
        measure: (path) => {
          measured.push(basename(path));
          return measureFile(path);
        },
      },
    );
    expect(measured).toEqual(['a.iso', 'b.raw']);
  });
});
