// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BOOT_ISO, QCOW2_DISK } from '../../../../../tools/testing/images.js';
import { tryLane } from '../../../../../tools/testing/lane.js';

/** The files that were opened to be read, as the system names what each descriptor is of. */
const opened = vi.hoisted((): string[] => []);

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const openSync: typeof fs.openSync = (...given) => {
    const fd = fs.openSync(...given);
    opened.push(fs.readlinkSync(`/proc/self/fd/${fd}`));
    return fd;
  };
  return { ...fs, openSync, default: { ...fs, openSync } };
});
vi.mock('node:fs/promises', async (original) => {
  const [fs, { readlinkSync }] = [
    await original<typeof import('node:fs/promises')>(),
    await vi.importActual<typeof import('node:fs')>('node:fs'),
  ];
  const open: typeof fs.open = async (...given) => {
    const handle = await fs.open(...given);
    opened.push(readlinkSync(`/proc/self/fd/${handle.fd}`));
    return handle;
  };
  return { ...fs, open, default: { ...fs, open } };
});

const { lane } = await import('./release-lane.js');

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-release-reads-')));
  writeFileSync(join(cwd, 'demo.iso'), BOOT_ISO);
  writeFileSync(join(cwd, 'demo.qcow2'), QCOW2_DISK);
  opened.length = 0;
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** Releases, and returns how often each image, and its copy in the bundle, was opened. */
async function readsOf() {
  opened.length = 0;
  const argv = ['--release', '1', '--iso', 'demo.iso', '--vm-image', 'demo.qcow2', '--output-dir', 'out'];
  expect((await tryLane(lane, argv, { cwd })).status).toBe(0);
  const times = (name: string) => opened.filter((path) => path === join(cwd, name)).length;
  return ['demo.iso', 'demo.qcow2', 'out/operator-bundle/demo.iso', 'out/operator-bundle/demo.qcow2'].map(
    times,
  );
}

// The page that lies in the bundle is made before the bundle has its name, and looks at the copies as well.
it('a release reads each image twice, and its copy where it lies twice: when it is verified, and for the page', async () => {
  expect(await readsOf()).toEqual([2, 2, 2, 2]);
});

it('a release of which nothing changed reads each image once, and its copy once', async () => {
  await readsOf();
  expect(await readsOf()).toEqual([1, 1, 1, 1]);
});
