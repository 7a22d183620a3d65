// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requireProgram } from '@latticra/toolchain';
import { expect, it } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import type { RunTool } from '../tool.js';
import { assembleSeed } from './assemble.js';
import { PART_NAMES, PREBUILT_PARTS } from './parts.js';

itWith(['as', 'ld'], 'the sources assemble to the bytes that ship, and leave nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latticra-assemble-'));
  try {
    const tools = { as: requireProgram('as'), ld: requireProgram('ld') };
    const parts = await assembleSeed(tools, { temporaryFolder: folder });
    for (const name of PART_NAMES) {
      expect(Buffer.compare(parts[name], PREBUILT_PARTS[name]), `${name}: run "pnpm rebuild-seed"`).toBe(0);
    }
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

itWith(['as', 'ld'], 'the script that puts them beside the sources writes the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latticra-rebuild-'));
  try {
    const script = fileURLToPath(new URL('../../seed/rebuild.mjs', import.meta.url));
    await promisify(execFile)(process.execPath, [script, folder]);
    const shipped = new URL('../../seed/prebuilt/', import.meta.url);
    const names = await readdir(shipped);
    expect(await readdir(folder)).toEqual(names);
    for (const name of names) {
      expect(await readFile(join(folder, name)), name).toEqual(await readFile(new URL(name, shipped)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('a failed assembly says which tool failed on which source', async () => {
  const run: RunTool = async () => ({ code: 1, output: 'kernel.S:1: bad\nmore\n' });
  const failed = assembleSeed({ as: '/opt/as', ld: '/opt/ld' }, { run });
  await expect(failed).rejects.toMatchObject({
    code: 'assembly-failed',
    kind: 'unfulfilled',
    message: expect.stringMatching(/^\/opt\/as ended with 1 on \S+\.S: kernel\.S:1: bad; more$/),
  });
});
