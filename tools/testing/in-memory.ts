// SPDX-License-Identifier: Apache-2.0
/**
 * Temporary files of a run lie in memory where there is room: every file that is written as a whole is synced, and on a disk
 * tests would wait for that more than half of their time.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux has a file system in memory. */
const MEMORY = '/dev/shm';
const PREFIX = 'latticra-tests-';

/** What has to be free: tests side by side need a quarter of it at most. Bytes. */
const ROOM = 4 * 2 ** 30;

/** What a file system may be mounted with for tests to run programs in it, and to open devices that they made. */
const REFUSED = ['ro', 'noexec', 'nodev'];

/**
 * Gives a run its folder as `TMPDIR`, for vitest's `globalSetup`, unless somebody chose one. Returns what takes it away again.
 * @param memory the file system in memory, and `/proc` of the machine
 */
export default function setUp(
  _: unknown,
  { memory = MEMORY, proc = '/proc' }: { readonly memory?: string; readonly proc?: string } = {},
): () => void {
  // Each project of a run is set up, and one folder serves them all.
  if (process.env.TMPDIR !== undefined || !hasRoom(memory, proc)) return () => undefined;
  removeLeft(memory, proc);
  const folder = mkdtempSync(join(memory, `${PREFIX}${process.pid}-`));
  // As with a folder for everybody's temporary files: who knows a name in it gets there.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  return () => {
    delete process.env.TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Tells whether there is a file system in memory that takes what tests write, with room in it and in memory. */
function hasRoom(memory: string, proc: string): boolean {
  const text = (name: string) => {
    const path = join(proc, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const mount = text('mounts')
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, point, type]) => point === memory && type === 'tmpfs');
  const options = mount?.[3]?.split(',');
  if (options === undefined || REFUSED.some((option) => options.includes(option))) return false;
  const { bavail, bsize } = statfsSync(memory);
  const free = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text('meminfo'))?.[1] ?? 0) * 1024;
  return Math.min(bavail * bsize, free) >= ROOM;
}

/** Removes what runs left that were killed. */
function removeLeft(memory: string, proc: string): void {
  for (const name of readdirSync(memory)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || existsSync(join(proc, pid))) continue;
    rmSync(join(memory, name), { recursive: true, force: true });
  }
}
