// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { findProgram } from '@latticra/toolchain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../../tools/testing/lane.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { lane as rehearseLane } from './rehearse-lane.js';

let cwd: string;
let folder: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rehearse-'));
  folder = join(cwd, 'release');
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** Rehearses with no program on PATH, as on a newcomer's machine. */
const rehearse = (...argv: string[]) =>
  tryLane(rehearseLane, ['--output-dir', folder, ...argv], { cwd, env: { PATH: '' } });

describe('latticra rehearse', () => {
  it('a rehearsal goes from nothing to a bundle with Node alone, every report a file that parses', async () => {
    const { status, stdout, stderr } = await rehearse();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('All 10 steps held');
    const reports = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
    expect(reports.sort()).toEqual([
      'artifact-manifest-validation.txt',
      'boot-seed-build-validation.txt',
      'boot-seed-build.txt',
      'boot-seed-vm-image-build-validation.txt',
      'boot-seed-vm-image-build.txt',
      'iso-smoke.txt',
      'manifest.txt',
      'rehearsal.txt',
      'release-preflight.txt',
      'vm-smoke.txt',
    ]);
    for (const name of reports) parseDocument(await readFile(join(folder, name)));
    const values = async (name: string) => documentValues(await readFile(join(folder, name), 'utf8'));
    expect(await values('rehearsal.txt')).toMatchObject({ rehearsal_status: 'ok', steps_held: '10' });
    expect(await values('iso-smoke.txt')).toMatchObject({
      boot_seed_smoke_emulator: 'v86',
      boot_seed_embedded_smoke_ready: '1',
      boot_seed_qemu_smoke_ready: '0',
      qemu_run_performed: '0',
    });
    expect(await values('artifact-manifest-validation.txt')).toMatchObject({
      artifact_manifest_ready_for_operator_review: '1',
    });
  });

  it('a rehearsal replaces an earlier rehearsal, and nothing else', async () => {
    expect((await rehearse()).status).toBe(0);
    expect((await rehearse()).status).toBe(0);
    expect(await readdir(cwd)).toEqual(['release']);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.tex'), 'years of work');
    const { status, stdout, stderr } = await rehearse();
    expect([status, stdout]).toEqual([73, '']);
    expect(stderr).toMatch(/no rehearsal made it; name another --output-dir/);
    expect(await readdir(folder)).toEqual(['thesis.tex']);
  });

  it('a rehearsal that fails keeps the earlier one, and says what failed', async () => {
    expect((await rehearse()).status).toBe(0);
    const { status, stdout, stderr } = await rehearse('--emulator', 'qemu');
    expect(status).toBe(69);
    expect(stdout).toMatch(/smoke of the ISO +\d\.\d\d s {2}FAILED: .*qemu-system-x86_64/);
    expect(stderr).toMatch(/^latticra rehearse: .*qemu-system-x86_64.*\n$/);
    expect(await readdir(cwd)).toEqual(['release', 'release.previous']);
    const report = documentValues(await readFile(join(folder, 'rehearsal.txt'), 'utf8'));
    expect(report).toMatchObject({ rehearsal_status: 'failed', steps_held: '4' });
    expect((await rehearse()).status).toBe(0);
    expect(await readdir(cwd)).toEqual(['release']);
  });

  itWith(
    ['as', 'ld'],
    'a rehearsal stops when the shipped machine code is not what its sources give',
    async () => {
      const tools = join(cwd, 'tools');
      await mkdir(tools);
      const as = findProgram('as') ?? '';
      const ld = findProgram('ld') ?? '';
      await writeFile(join(tools, 'as'), `#!/bin/sh\nexec ${as} "$@"\n`, { mode: 0o755 });
      // The same linker, but for one byte behind what it writes.
      const other = `while [ "$1" != -o ]; do shift; done; printf x >> "$2"`;
      await writeFile(join(tools, 'ld'), `#!/bin/sh\n${ld} "$@" || exit 1\n${other}\n`, { mode: 0o755 });
      const { status, stderr } = await tryLane(rehearseLane, ['--output-dir', folder], {
        cwd,
        env: { PATH: tools },
      });
      expect(status).toBe(70);
      expect(stderr).toMatch(/not what GNU as and ld make of its sources/);
    },
  );

  it('a rehearsal answers --json with its report alone', async () => {
    const { status, stdout } = await rehearse('--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'LATTICRA OS IMAGE REHEARSAL' });
  });

  it.each(['../up', 'a/b', '.hidden', 'a b', '-'])(
    'a rehearsal refuses the release %j, which is no folder name',
    async (label) => {
      expect((await rehearse(`--release=${label}`)).status).toBe(64);
      expect(await readdir(cwd)).toEqual([]);
    },
  );
});
