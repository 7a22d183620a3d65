// SPDX-License-Identifier: Apache-2.0
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { readEvidence } from '@latticra/evidence-report';
import { lane as evaluateLane } from '@latticra/os-image-promotion-evaluate/lane';
import { generateEd25519Key } from '@latticra/signature';
import { findProgram } from '@latticra/toolchain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assertTypable } from '../../../../tools/lanes/next-command.js';
import { documentValues, tryLane } from '../../../../tools/testing/lane.js';
import { openFields } from '../../../../tools/testing/promotion-board.js';
import { tagFolder } from '../../../../tools/testing/tagged-folder.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { lane as verifyLane } from '../commands/verify-lane.js';
import { lane as rehearseLane } from './rehearse-lane.js';

let cwd: string;
let folder: string;
/** One rehearsal, in a folder of its own, for all who only look at what came of it. */
let first: { readonly cwd: string; readonly answer: Awaited<ReturnType<typeof tryLane>> };
beforeAll(async () => {
  const own = await mkdtemp(join(tmpdir(), 'rehearse-first-'));
  first = {
    cwd: own,
    answer: await tryLane(rehearseLane, ['--output-dir', 'release'], { cwd: own, env: { PATH: '' } }),
  };
}, 120_000);
afterAll(() => rm(first.cwd, { recursive: true, force: true }));
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rehearse-'));
  folder = join(cwd, 'release');
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** Rehearses with no program on PATH, as on a newcomer's machine. */
const rehearse = (...argv: string[]) =>
  tryLane(rehearseLane, ['--output-dir', folder, ...argv], { cwd, env: { PATH: '' } });

/** Lays a copy of what the first rehearsal left into the folder. */
const layFirst = () => cp(join(first.cwd, 'release'), folder, { recursive: true });

describe('latticra rehearse', () => {
  it('a rehearsal goes from nothing to a bundle with Node alone, every report a file that parses', async () => {
    const { status, stdout, stderr } = first.answer;
    expect([status, stderr]).toEqual([0, '']);
    await layFirst();
    expect(stdout).toContain('15 steps held');
    expect(stdout).toContain('boot records               -  LEFT OUT: a record is one of QEMU');
    const reports = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
    expect(reports.sort()).toEqual([
      'artifact-manifest-validation.txt',
      'boot-seed-build-validation.txt',
      'boot-seed-build.txt',
      'boot-seed-vm-image-build-validation.txt',
      'boot-seed-vm-image-build.txt',
      'iso-smoke.txt',
      'rehearsal.txt',
      'release-preflight.txt',
      'vm-smoke.txt',
    ]);
    for (const name of reports) parseDocument(await readFile(join(folder, name)));
    const values = async (name: string) => documentValues(await readFile(join(folder, name), 'utf8'));
    expect(await values('rehearsal.txt')).toMatchObject({ rehearsal_status: 'ok', steps_held: '15' });
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

  it('a rehearsal shows the board, and another machine without a repository derives the same fields', async () => {
    const { stdout } = first.answer;
    await layFirst();
    expect(stdout).toContain('Promotion board: 11 of 20 fields hold');
    expect(stdout).toContain('  held artifact_reproducibility_reviewed\n');
    const open = openFields(stdout);
    expect(open).toHaveLength(9);
    for (const { command } of open) await assertTypable(command, cwd);
    expect(stdout).toContain('signatures and review prove nothing');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`Look at   ${join(first.cwd, 'release/report.html')}`);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('11 of 20 fields hold');
    const there = join(cwd, 'there');
    await rename(join(folder, 'promotion'), there);
    await rm(folder, { recursive: true });
    const before = documentValues(await readFile(join(there, 'promotion-evaluation.txt'), 'utf8'));
    const again = await tryLane(
      evaluateLane,
      [
        '--evidence-dir',
        'evidence',
        '--allowed-signers',
        'allowed-signers',
        '--verify-time',
        before.verify_time ?? '',
      ],
      { cwd: there },
    );
    expect(again.stderr).toBe('');
    expect(documentValues(again.stdout)).toEqual(before);
    const image = join(there, 'evidence/boot-seed-again/latticra-boot-seed.iso');
    const bytes = await readFile(image);
    await writeFile(image, Buffer.concat([bytes, Buffer.from('x')]));
    const tampered = await tryLane(
      evaluateLane,
      ['--evidence-dir', 'evidence', '--allowed-signers', 'allowed-signers'],
      { cwd: there },
    );
    expect(documentValues(tampered.stdout)).toMatchObject({ artifact_reproducibility_reviewed: '0' });
  });

  it('its bundle, carried elsewhere alone, gives the evaluation byte for byte, and shows the board and who signed', async () => {
    await layFirst();
    const bundle = join(cwd, 'carried');
    await rename(join(folder, 'operator-bundle'), bundle);
    const lists = join(cwd, 'lists');
    await rename(join(folder, 'promotion/allowed-signers'), lists);
    const made = await readFile(join(folder, 'promotion/promotion-evaluation.txt'), 'utf8');
    await rm(folder, { recursive: true });
    const { verify_time: time = '' } = documentValues(made);
    const run = (lane: Parameters<typeof tryLane>[0], ...argv: string[]) =>
      tryLane(lane, argv, { cwd, env: { PATH: '' } });
    const again = await run(
      evaluateLane,
      ...['--evidence-dir', 'carried', '--allowed-signers', 'lists', '--verify-time', time],
    );
    expect([again.status, again.stderr]).toEqual([0, '']);
    expect(again.stdout).toBe(made);
    const images = (await readdir(bundle, { recursive: true })).filter((name) => /\.(iso|qcow2)$/.test(name));
    expect(images.sort()).toEqual(['latticra-boot-seed.iso', 'latticra-boot-seed.qcow2']);
    const verified = await run(verifyLane, 'carried', '--allowed-signers', 'lists');
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    expect(documentValues(verified.stdout)).toMatchObject({
      checksums_signature_status: 'verified',
      keys_prove_nothing: '1',
      promotion_evaluation: 'derived-again',
      promotion_fields_held: '11',
    });
    expect(verified.stdout).toContain('\nsignature_principal=builder@rehearsal.invalid\n');
    expect(await readFile(join(bundle, 'README.txt'), 'utf8')).toContain('prove nothing');
    expect(await readFile(join(bundle, 'report.html'), 'utf8')).toContain('11 of 20 fields hold');
    const shown = await readEvidence(bundle);
    expect(shown.wrong).toEqual([]);
    expect(shown.missing.map(({ title }) => title)).toHaveLength(9);
    expect(shown.board).toMatchObject({ held: 11, total: 20 });
    // Nothing is left to guess: whoever edits the page, and its checksum, is found out as well.
    await writeFile(join(bundle, 'report.html'), 'All of it holds.');
    const tampered = await run(verifyLane, 'carried');
    expect([tampered.status, tampered.stderr]).toEqual([65, expect.stringContaining('report.html')]);
  });

  it('a rehearsal that is called by --version is told that --release is meant', async () => {
    const { status, stdout, stderr } = await rehearse('--version', '12.1');
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toBe('latticra rehearse: --version: takes no value, found "12.1"; write --release 12.1\n');
    expect(await readdir(cwd)).toEqual([]);
  });

  it('a rehearsal refuses one key for two people, and a reviewer where nobody signs the build', async () => {
    const { privateFile } = generateEd25519Key('one');
    await writeFile(join(cwd, 'one'), privateFile, { mode: 0o600 });
    const lone = await rehearse('--review-key', 'one');
    expect([lone.status, lone.stderr]).toEqual([
      64,
      expect.stringContaining('--review-key: goes with --sign-key'),
    ]);
    const same = await rehearse('--sign-key', 'one', '--review-key', 'one');
    expect([same.status, same.stderr]).toEqual([64, expect.stringContaining('the reviewer is who built')]);
  });

  itWith(
    ['qemu-system-x86_64', 'git'],
    'a rehearsal with QEMU and a tag shows all fields of the seed but initramfs and those of a person and a machine, and what to type for these',
    async () => {
      tagFolder(cwd, 'v1.0');
      const { status, stdout, stderr } = await tryLane(
        rehearseLane,
        ['--output-dir', folder, '--release', '1.0'],
        { cwd, env: process.env },
      );
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Promotion board: 14 of 20 fields hold');
      const manifest = await readFile(join(folder, 'promotion/evidence/manifest.txt'), 'utf8');
      expect(manifest).toContain('\nsource_tag=v1.0\n');
      const open = openFields(stdout);
      expect(open.map(({ field }) => field)).toEqual([
        'initramfs_recorded',
        'hardware_usb_write_transcript_recorded',
        'hardware_install_transcript_recorded',
        'post_install_verification_recorded',
        'uninstall_or_reimage_recovery_recorded',
        'multi_machine_validation_recorded',
      ]);
      for (const { command } of open) await assertTypable(command, cwd);
      expect(open.at(-1)?.command).toContain(
        `latticra-boot-matrix run --image ${folder}/promotion/evidence/boot-seed/latticra-boot-seed.iso --expect-line LATTICRA_BOOT_SEED_OK `,
      );
    },
    120_000,
  );

  it('a rehearsal replaces an earlier rehearsal, and nothing else; with --json it answers with its report alone', async () => {
    await layFirst();
    // That of one that failed in between goes when the next one holds.
    await cp(folder, `${folder}.previous`, { recursive: true });
    const answer = await rehearse('--json');
    expect(answer.status).toBe(0);
    expect(JSON.parse(answer.stdout)).toMatchObject({ title: 'LATTICRA OS IMAGE REHEARSAL' });
    expect(await readdir(cwd)).toEqual(['release']);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.tex'), 'years of work');
    const { status, stdout, stderr } = await rehearse();
    expect([status, stdout]).toEqual([73, '']);
    expect(stderr).toMatch(/no rehearsal made it; name another --output-dir/);
    expect(await readdir(folder)).toEqual(['thesis.tex']);
  });

  it('a rehearsal leaves the folder alone in which another one is at work', async () => {
    await layFirst();
    // A process that runs.
    await writeFile(join(cwd, '.release.claim'), `${process.ppid}\n`);
    const { status, stdout, stderr } = await rehearse();
    expect([status, stdout]).toEqual([73, '']);
    expect(stderr).toContain(
      `another process, ${process.ppid}, is at work in it; let it finish, or name another folder; if none is, remove`,
    );
    expect((await readdir(cwd)).sort()).toEqual(['.release.claim', 'release']);
  });

  it('a rehearsal that fails keeps the earlier one, and says what failed', async () => {
    await layFirst();
    const { status, stdout, stderr } = await rehearse('--emulator', 'qemu');
    expect(status).toBe(69);
    expect(stdout).toMatch(/smoke of the ISO +\d\.\d\d s {2}FAILED: .*qemu-system-x86_64/);
    expect(stderr).toMatch(/^latticra rehearse: .*qemu-system-x86_64.*\n$/);
    expect(await readdir(cwd)).toEqual(['release', 'release.previous']);
    const report = documentValues(await readFile(join(folder, 'rehearsal.txt'), 'utf8'));
    expect(report).toMatchObject({ rehearsal_status: 'failed', steps_held: '5' });
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

  it.each(['../up', 'a/b', '.hidden', 'a b', '-'])(
    'a rehearsal refuses the release %j, which is no folder name',
    async (label) => {
      expect((await rehearse(`--release=${label}`)).status).toBe(64);
      expect(await readdir(cwd)).toEqual([]);
    },
  );
});
