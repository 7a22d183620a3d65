// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ReleaseOptions, requestOf, writeRelease } from '../test/release.js';
import { stageOperatorBundle } from './stage.js';
import { verifyOperatorBundle } from './verify/verify.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function stage(options: ReleaseOptions = {}, outputDir = 'out') {
  await writeRelease(join(cwd, 'release'), options);
  return stageOperatorBundle(requestOf('release/manifest.txt', outputDir), { cwd });
}

describe('a refusal of stageOperatorBundle', () => {
  const nothingLeft = async () => {
    expect((await readdir(cwd)).filter((name) => name !== 'release')).toEqual([]);
  };

  it.each<[string, ReleaseOptions['change'], string]>([
    [
      'neither image',
      (m) => ({ ...m, iso: undefined, vmImage: undefined }),
      'the manifest records neither an ISO nor a VM image',
    ],
    ['no recovery path', (m) => ({ ...m, operatorRecoveryPath: 'none' }), 'no operator recovery path'],
    [
      'no signature and no word about it',
      (m) => ({ ...m, iso: m.iso && { ...m.iso, signaturePath: 'none' } }),
      'ISO: no signature',
    ],
    [
      'no SBOM',
      (m) => ({ ...m, vmImage: m.vmImage && { ...m.vmImage, sbomPath: 'none' } }),
      'SBOM of the VM image',
    ],
  ])('a release with %s is refused', async (_, change, reason) => {
    await expect(stage(change === undefined ? {} : { change })).rejects.toMatchObject({
      code: 'not-ready',
      kind: 'data',
      message: expect.stringContaining(reason),
    });
    await nothingLeft();
  });

  it('a release that is not ready is refused before a byte is copied', async () => {
    await writeRelease(join(cwd, 'release'), { change: (m) => ({ ...m, operatorRecoveryPath: 'none' }) });
    const onBytes = vi.fn();
    await expect(
      stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd, onBytes }),
    ).rejects.toMatchObject({ code: 'not-ready' });
    expect(onBytes).not.toHaveBeenCalled();
  });

  it('an artifact that is not the recorded one, or is gone, is refused', async () => {
    await writeRelease(join(cwd, 'release'));
    await writeFile(join(cwd, 'release/os.qcow2'), 'other');
    await expect(
      stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd }),
    ).rejects.toMatchObject({ code: 'mismatch' });
    await rm(join(cwd, 'release/os.qcow2'));
    await expect(
      stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd }),
    ).rejects.toMatchObject({ code: 'not-found', kind: 'input-missing' });
    await nothingLeft();
  });

  it.each([
    ['one name for both', { isoName: 'os.img', vmName: 'os.img', apart: true }],
    ['names that differ in case', { isoName: 'os.img', vmName: 'OS.img', apart: true }],
    ['names that differ in composition', { isoName: 'é.img', vmName: 'e\u0301.img', apart: true }],
    ['the name of a bundle file', { isoName: 'readme.TXT' }],
    ['the name of an SBOM', { isoName: 'iso-sbom.spdx.json' }],
    ["the name of the other's checksum", { isoName: 'a', vmName: 'a.sha256' }],
    ["the name of the other's signature", { isoName: 'a.sig', vmName: 'a' }],
  ])('a release with %s is refused for its names', async (_, options) => {
    await expect(stage(options)).rejects.toMatchObject({ code: 'name-clash', kind: 'data' });
    await nothingLeft();
  });

  it.each(['a\\b.iso', 'none', 'unsigned-local'])('the artifact name %j is refused', async (isoName) => {
    await expect(stage({ isoName, apart: true })).rejects.toMatchObject({ code: 'bad-name', kind: 'data' });
    await nothingLeft();
  });

  it('a runbook that is no text is refused', async () => {
    await mkdir(join(cwd, 'release'));
    await writeFile(join(cwd, 'release/runbook.pdf'), Buffer.from([0x25, 0x50, 0xff, 0xfe]));
    await expect(stage({ recovery: 'runbook.pdf' })).rejects.toMatchObject({
      code: 'format',
      message: expect.stringMatching(/^runbook\.pdf: found data of no format/),
    });
    await nothingLeft();
  });

  it('a release whose manifest names a file outside of its folder is refused, unless that is allowed', async () => {
    await writeRelease(join(cwd, 'release'));
    await rename(join(cwd, 'release/os.iso'), join(cwd, 'os.iso'));
    const manifest = join(cwd, 'release/manifest.txt');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('=os.iso', '=../os.iso'));
    const request = requestOf('release/manifest.txt', 'out');
    await expect(stageOperatorBundle(request, { cwd })).rejects.toMatchObject({ code: 'outside' });
    await stageOperatorBundle(request, { cwd, allowOutside: true });
    await verifyOperatorBundle(join(cwd, 'out'));
  });

  it('an output that is not empty is refused, and left as it is', async () => {
    await mkdir(join(cwd, 'out'));
    await writeFile(join(cwd, 'out/mine'), '');
    await expect(stage()).rejects.toMatchObject({ code: 'exists', kind: 'cannot-create' });
    expect(await readdir(join(cwd, 'out'))).toEqual(['mine']);
  });

  it('an output inside an input, or an input inside the output, is refused, through links too', async () => {
    await symlink(join(cwd, 'release'), join(cwd, 'link'));
    const overlap = { code: 'overlap', kind: 'cannot-create' };
    await expect(stage({}, 'release/os.iso/out')).rejects.toMatchObject(overlap);
    await expect(stage({}, 'release')).rejects.toMatchObject(overlap);
    await expect(stage({}, 'link')).rejects.toMatchObject(overlap);
    await expect(stage({}, '.')).rejects.toMatchObject(overlap);
    await expect(stage({ apart: true }, 'link/iso')).rejects.toMatchObject(overlap);
    // Beside them is where it usually goes.
    await stage({}, 'release/operator-bundle');
  });

  it('the second of two runs at once is refused, and the first is not', async () => {
    await writeRelease(join(cwd, 'release'));
    const request = requestOf('release/manifest.txt', 'out');
    const runs = await Promise.allSettled([
      stageOperatorBundle(request, { cwd }),
      stageOperatorBundle(request, { cwd }),
    ]);
    const lost = runs.filter((run) => run.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toMatchObject({ code: 'exists' });
    await verifyOperatorBundle(join(cwd, 'out'));
    expect((await readdir(cwd)).sort()).toEqual(['out', 'release']);
  });
});

describe('a runbook', () => {
  it.each([
    ['bytes that are no UTF-8', [0x25, 0x50, 0xff]],
    ['NULs', [0x25, 0x00, 0x50]],
  ])('a runbook with %s far behind its beginning is no text', async (_, bytes) => {
    await mkdir(join(cwd, 'release'));
    await writeFile(
      join(cwd, 'release/runbook'),
      Buffer.concat([Buffer.alloc(1 << 17, 'a'), Buffer.from(bytes)]),
    );
    await expect(stage({ recovery: 'runbook' })).rejects.toMatchObject({
      code: 'bad-recovery',
      kind: 'data',
      message: 'runbook: expected a runbook in UTF-8 text',
      fix: 'record a text file, or the address of the runbook',
    });
  });
});
