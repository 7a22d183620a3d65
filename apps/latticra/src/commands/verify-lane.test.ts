// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeInputs } from '../../../../packages/linux-release/src/testing/release.js';
import { documentValues, tryLane } from '../../../../tools/testing/lane.js';
import { lane as build } from '../../../os-image-build/src/lane.js';
import { lane as stage } from '../../../os-image-operator-bundle-from-artifacts/src/lane.js';
import { lane } from './verify-lane.js';

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'verify-'));
  writeInputs(cwd);
  writeFileSync(join(cwd, 'recovery.md'), 'Keep calm.\n');
  const inputs = '--kernel vmlinuz --initramfs initrd.img --rootfs rootfs.tar --build-id b.1';
  for (const [made, argv] of [
    [build, `${inputs} --operator-recovery-path recovery.md --output-dir release`],
    [stage, '--artifact-manifest release/manifest.txt --output-dir bundle'],
  ] as const) {
    expect(await tryLane(made as typeof build, argv.split(' '), { cwd })).toMatchObject({
      status: 0,
      stderr: '',
    });
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const verify = (...argv: string[]) => tryLane(lane, argv, { cwd });

it('a bundle that is whole is verified, and its digests are told', async () => {
  const { status, stdout } = await verify('bundle');
  expect(status).toBe(0);
  expect(documentValues(stdout)).toMatchObject({
    bundle_verified: '1',
    bundle_dir: 'bundle',
    iso_artifact_sha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    boot_records: '0',
    files_added: '0',
    bootable_os_ready: '0',
  });
});

it('a file that was added is told and not judged', async () => {
  writeFileSync(join(cwd, 'bundle/serial.log'), 'login:');
  const { status, stdout } = await verify('bundle');
  expect(status).toBe(0);
  expect(stdout).toMatch(/\nfiles_added=1\n[\s\S]*\[not_part_of_the_bundle\]\nadded_01=serial\.log\n/);
  rmSync(join(cwd, 'bundle/serial.log'));
});

it('a folder that is none is refused, and one that is not there', async () => {
  expect(await verify('release')).toMatchObject({ status: 66, stdout: '' });
  expect(await verify('gone')).toMatchObject({ status: 66, stdout: '' });
  expect(await verify()).toMatchObject({ status: 64, stderr: expect.stringContaining('--bundle: required') });
});

it('one byte more in any file of a bundle is found', async () => {
  appendFileSync(join(cwd, 'bundle/README.txt'), '\n');
  expect(await verify('bundle')).toMatchObject({
    status: 65,
    stdout: '',
    stderr: expect.stringMatching(/^latticra verify: README\.txt: expected sha256:/),
  });
});
