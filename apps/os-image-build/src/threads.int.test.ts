// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeInputs } from '../../../packages/linux-release/src/testing/release.js';
import { writeLargeArchive } from '../../../tools/linux/large-archive.js';
import { bundleScript } from '../../../tools/testing/bundle.js';

/** A root over which a build takes a while, and for which it starts threads. */
const LARGE = { files: 10, mostBytes: 10, largeBytes: 400 << 20, longNames: 0, links: 0, xattrBytes: 0 };
const INPUTS = ['vmlinuz', 'initrd.img', 'rootfs.tar', 'rootfs.tar.gz'];

let cwd: string;
let script: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-threads-'));
  script = await bundleScript(new URL('main.ts', import.meta.url), join(cwd, 'bin'));
  writeInputs(join(cwd, 'in'));
  writeLargeArchive(join(cwd, 'in/rootfs.tar'), LARGE);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Starts a build in a process of its own, which may not write longer files than this. */
function build(limit = 'unlimited') {
  const argv = ['--kernel', 'vmlinuz', '--initramfs', 'initrd.img', '--rootfs', 'rootfs.tar'];
  const child = spawn(
    '/bin/sh',
    ['-c', `ulimit -f ${limit}; exec "$@"`, 'sh', process.execPath, script, ...argv, '--output-dir', 'out'],
    { cwd: join(cwd, 'in'), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  child.stdout.resume();
  return { child, ended: once(child, 'exit'), said: () => said };
}

const left = () => readdirSync(join(cwd, 'in')).filter((name) => !INPUTS.includes(name));

it.each([1, 60, 250])(
  'a build whose digests are made in threads is ended by an interrupt %i ms after it began to write, and leaves nothing',
  async (delay) => {
    const { child, ended, said } = build();
    while (left().length === 0 && child.exitCode === null) await setTimeout(2);
    await setTimeout(delay);
    child.kill('SIGINT');
    const [status] = await ended;
    expect({ status, said: said() }).toMatchObject({ status: 130 });
    expect(left()).toEqual([]);
  },
);

it('a build that cannot write on while threads digest ends with its reason, and leaves nothing', async () => {
  // In units of 512 bytes: it goes wrong in the middle of the root.
  const { ended, said } = build('400000');
  const [status] = await ended;
  expect({ status, said: said() }).toMatchObject({
    status: 74,
    said: expect.stringMatching(/latticra-x86_64\.iso: file size limit exceeded \(EFBIG\)/),
  });
  expect(left()).toEqual([]);
});

it('a build that fails with threads at hand ends with its reason, and leaves nothing', async () => {
  appendFileSync(join(cwd, 'in/rootfs.tar'), Buffer.alloc(512, 1));
  const { ended, said } = build();
  const [status] = await ended;
  expect({ status, said: said() }).toMatchObject({
    status: 65,
    said: expect.stringContaining('behind the end'),
  });
  expect(left()).toEqual([]);
});
