// SPDX-License-Identifier: Apache-2.0
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BOOT_ISO, QCOW2_DISK } from '../../../../../tools/testing/images.js';
import { tryLane } from '../../../../../tools/testing/lane.js';

/** How many bytes were read of each file, as the system names what a descriptor is of. */
const read = vi.hoisted(() => new Map<string, number>());
/** Is told of each file of which something was read. */
const hooks = vi.hoisted(() => ({ onRead: (_path: string) => {}, isSealed: false }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readSync = ((fd: number, ...rest: [Uint8Array, number, number, number]) => {
    const count = fs.readSync(fd, ...rest);
    const path = fs.readlinkSync(`/proc/self/fd/${fd}`);
    read.set(path, (read.get(path) ?? 0) + count);
    hooks.onRead(path);
    return count;
  }) as typeof fs.readSync;
  return { ...fs, readSync, default: { ...fs, readSync } };
});

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const mkdir = (async (path: string, ...rest: []) => {
    if (hooks.isSealed && path.includes('/.out.'))
      throw Object.assign(new Error('sealed'), { code: 'EACCES' });
    return fs.mkdir(path, ...rest);
  }) as typeof fs.mkdir;
  return { ...fs, mkdir, default: { ...fs, mkdir } };
});

const { lane } = await import('./release-lane.js');

/** So large that a measurement of it is kept, and that looking into it does not count. */
const SIZE = 4 << 20;

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-release-reads-')));
  writeFileSync(join(cwd, 'demo.iso'), BOOT_ISO);
  writeFileSync(join(cwd, 'demo.qcow2'), QCOW2_DISK);
  for (const name of ['demo.iso', 'demo.qcow2']) truncateSync(join(cwd, name), SIZE);
});
afterEach(() => {
  hooks.onRead = () => {};
  hooks.isSealed = false;
  rmSync(cwd, { recursive: true, force: true });
});

const run = () => {
  const argv = ['--release', '1', '--iso', 'demo.iso', '--vm-image', 'demo.qcow2', '--output-dir', 'out'];
  return tryLane(lane, argv, { cwd });
};

/** Releases, and returns how often each image, and its copy in the bundle, was read whole. A copy is read under the name that it has at that time. */
async function readsOf() {
  read.clear();
  expect((await run()).status).toBe(0);
  const times = (is: (path: string) => boolean) =>
    Math.floor([...read].reduce((sum, [path, bytes]) => sum + (is(path) ? bytes : 0), 0) / SIZE);
  return ['demo.iso', 'demo.qcow2'].flatMap((name) => [
    times((path) => path === join(cwd, name)),
    times((path) => path !== join(cwd, name) && path.endsWith(`/${name}`)),
  ]);
}

it('a release reads each image once, and the copy that was written in that pass once, to verify it', async () => {
  expect(await readsOf()).toEqual([1, 1, 1, 1]);
});

it('a release of which nothing changed reads each image once, and its copy once', async () => {
  await readsOf();
  expect(await readsOf()).toEqual([1, 1, 1, 1]);
});

it('a release whose bundle does not hold any more reads each image twice, and its copy twice: as it was, and as it is', async () => {
  await readsOf();
  appendFileSync(join(cwd, 'out/operator-bundle/README.txt'), 'more');
  expect(await readsOf()).toEqual([2, 2, 2, 2]);
});

it('an image that is written to behind the pass that copied it ends the release, and nothing is left of the copy', async () => {
  let isWritten = false;
  hooks.onRead = (path) => {
    if (path !== join(cwd, 'out/manifest.txt') || isWritten) return;
    isWritten = true;
    appendFileSync(join(cwd, 'demo.iso'), 'more');
  };
  const { status, stderr } = await run();
  expect([isWritten, status]).toEqual([true, 65]);
  expect(stderr).toMatch(/demo\.iso: expected sha256:\w+, found sha256:\w+; restore the file/);
  expect(readdirSync(cwd).sort()).toEqual(['demo.iso', 'demo.qcow2', 'out']);
  expect(readdirSync(join(cwd, 'out'))).not.toContain('operator-bundle');
});

it('an image that is replaced behind that pass by one of the same content is read again, and becomes that of the bundle', async () => {
  let isReplaced = false;
  hooks.onRead = (path) => {
    if (path !== join(cwd, 'out/manifest.txt') || isReplaced) return;
    isReplaced = true;
    copyFileSync(join(cwd, 'demo.iso'), join(cwd, 'same'));
    renameSync(join(cwd, 'same'), join(cwd, 'demo.iso'));
  };
  expect((await run()).status).toBe(0);
  expect(read.get(join(cwd, 'demo.iso'))).toBeGreaterThan(2 * SIZE);
  expect(
    readFileSync(join(cwd, 'out/operator-bundle/demo.iso')).equals(readFileSync(join(cwd, 'demo.iso'))),
  ).toBe(true);
});

it('images are read once more when they are copied, where no folder may be made beside that of the release', async () => {
  hooks.isSealed = true;
  expect(await readsOf()).toEqual([2, 1, 2, 1]);
});
