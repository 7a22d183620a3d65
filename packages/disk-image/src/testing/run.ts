// SPDX-License-Identifier: Apache-2.0
/** Runs other people's tools over an image. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Layout, layoutChunks } from '../layout/layout.js';

const env = {
  ...process.env,
  PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  MTOOLSRC: '/dev/null',
};

/** Exit code and everything said, of a tool that may find fault. */
export function examine(tool: string, ...args: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(tool, args, { env, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

/** What a tool that must succeed writes to stdout. */
export function output(tool: string, ...args: string[]): Buffer {
  return execFileSync(tool, args, { env, maxBuffer: 1 << 28 });
}

/** Calls `use` with a folder that is gone afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'disk-image-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes an image as a sparse file. */
export function writeImage(path: string, layout: Layout): string {
  const fd = openSync(path, 'wx');
  let at = 0;
  for (const chunk of layoutChunks(layout)) {
    at += 'hole' in chunk ? chunk.hole : writeSync(fd, chunk, 0, chunk.length, at);
  }
  ftruncateSync(fd, layout.size);
  closeSync(fd);
  return path;
}
