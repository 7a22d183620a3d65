// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { verifyOperatorBundle } from '@latticra/operator-bundle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeInputs } from '../../../../packages/linux-release/src/testing/release.js';
import { documentValues, tryLane } from '../../../../tools/testing/lane.js';
import { lane as rehearseLane } from './rehearse-lane.js';

let cwd: string;
let folder: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rehearse-linux-'));
  folder = join(cwd, 'out');
  writeInputs(cwd);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const KERNEL = ['--kernel', 'vmlinuz', '--initramfs', 'initrd.img'];
const SYSTEM = [...KERNEL, '--rootfs', 'rootfs.tar'];
/** Rehearses where no program is on PATH, into a folder that is named from that of the rehearsal, which the process is not in. */
const rehearse = (...argv: string[]) =>
  tryLane(rehearseLane, ['--output-dir', 'out', ...argv], { cwd, env: { PATH: '' } });
const values = async (name: string) => documentValues(await readFile(join(folder, name), 'utf8'));

it('a Linux release is rehearsed up to its bundle without QEMU, and is recorded as not booted, never as ok', async () => {
  const { status, stdout, stderr } = await rehearse(...SYSTEM, '--release', '1.0', '--build-id', 'b.1');
  expect(status).toBe(69);
  expect(stderr).toMatch(/^latticra rehearse: not booted: qemu-system-x86_64 is not on PATH.*install QEMU/);
  expect(stdout.match(/LEFT OUT: not booted/g)).toHaveLength(2);
  expect(stdout).toContain('12 steps held');
  expect(stdout).toContain('Promotion board: 12 of 20 fields hold');
  expect(stdout).toContain('  held initramfs_recorded\n');
  expect((await readdir(folder)).sort()).toEqual([
    'artifact-manifest-validation.txt',
    'operator-bundle',
    'os-image-build-validation.txt',
    'promotion',
    'rehearsal.txt',
    'release-preflight.txt',
    'report.html',
    'throw-away-keys',
  ]);
  expect(await values('rehearsal.txt')).toMatchObject({
    rehearsal_status: 'not-booted',
    rehearsal_failure: expect.stringContaining('qemu-system-x86_64'),
    artifact_version: '1.0',
    steps_held: '12',
    operator_bundle_dir: join(folder, 'operator-bundle'),
    bootable_os_ready: '0',
  });
  const report = parseDocument(await readFile(join(folder, 'rehearsal.txt')));
  const smoke = report.sections.find(({ name }) => name === 'step:boot-of-the-iso');
  expect(smoke?.fields.map(({ key, value }) => `${key}=${value}`)).toEqual([
    'step_held=0',
    expect.stringMatching(/^step_result=not booted: /),
    'step_report_path=none',
  ]);
  expect(await values('os-image-build-validation.txt')).toMatchObject({
    build_id: 'b.1',
    inputs_rebuilt: '1',
    sbom_derived_from_root: '1',
  });
  expect(await values('artifact-manifest-validation.txt')).toMatchObject({
    artifact_manifest_ready_for_operator_review: '1',
  });
  await verifyOperatorBundle(join(folder, 'operator-bundle'));
  expect(await readdir(join(folder, 'operator-bundle'))).toEqual(
    expect.arrayContaining(['usb-write-linux.txt', 'usb-write-macos.txt', 'vm-test-command.txt']),
  );
});

it('a Linux system without a root is rehearsed as well, with the one image that is wanted', async () => {
  const { status, stdout } = await rehearse(...KERNEL, '--root', 'none', '--formats', 'qcow2');
  expect(status).toBe(69);
  expect(stdout.match(/LEFT OUT/g)).toHaveLength(1);
  expect(await values('promotion/evidence/release/os-image-build.txt')).toMatchObject({ root_mode: 'none' });
  expect(await readdir(join(folder, 'promotion/evidence/release'))).not.toContain('latticra-x86_64.iso');
});

it('a Linux rehearsal that was not booted keeps the earlier one, which a later one may replace', async () => {
  await rehearse(...SYSTEM);
  await rehearse(...SYSTEM);
  expect(await readdir(cwd)).toEqual(expect.arrayContaining(['out', 'out.previous']));
});

it('a Linux rehearsal fails at the build where an input is none, and says so in its report', async () => {
  await writeFile(join(cwd, 'vmlinuz'), 'hello');
  const { status, stdout } = await rehearse(...SYSTEM);
  expect(status).toBe(65);
  expect(stdout).toMatch(/release build +\d+\.\d\d s {2}FAILED: /);
  expect(await values('rehearsal.txt')).toMatchObject({ rehearsal_status: 'failed', steps_held: '1' });
});

it('a Linux rehearsal refuses an input in the folder that it replaces', async () => {
  await mkdir(folder);
  const { status, stderr } = await rehearse(...KERNEL, '--rootfs', 'out/rootfs.tar');
  expect([status, stderr]).toEqual([73, expect.stringMatching(/lies in the folder.*--rootfs names it/)]);
  expect((await rehearse(...KERNEL, '--rootfs', 'out.tar')).stderr).toMatch(/out\.tar: no such file/);
});

it.each([
  [['--kernel', 'vmlinuz'], /--kernel: is of a Linux system, and not all of that was named/],
  [['--root', 'plain'], /--root: is of a Linux system/],
  [['--expect-prompt', 'x'], /--expect-prompt: is of a Linux system/],
  [['--forbid-services'], /--forbid-services: is of a Linux system/],
  [KERNEL, /a root file system and how it is read go together/],
  [[...SYSTEM, '--root', 'none'], /a root file system and how it is read go together/],
  [[...SYSTEM, '--emulator', 'v86'], /--emulator: v86 boots the seed alone/],
  [[...SYSTEM, '--expect-prompt', 'x', '--expect-exit-code', '3'], /--expect-prompt: expected no exit code/],
  [[...SYSTEM, '--expect-build-id', 'x'], /unknown.*--expect-build-id/],
])('a rehearsal refuses the flags %j, and leaves nothing', async (argv, reason) => {
  const { status, stdout, stderr } = await rehearse(...argv);
  expect([status, stdout, stderr]).toEqual([64, '', expect.stringMatching(reason)]);
  expect(await readdir(cwd)).not.toContain('out');
});
