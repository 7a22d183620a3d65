// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('a failed assembly says which tool failed on which source', async () => {
  const run: RunTool = async () => ({ code: 1, output: 'kernel.S:1: bad\nmore\n' });
  const failed = assembleSeed({ as: '/opt/as', ld: '/opt/ld' }, { run });
  await expect(failed).rejects.toMatchObject({
    code: 'assembly-failed',
    kind: 'unfulfilled',
    message: expect.stringMatching(/^\/opt\/as ended with 1 on \S+\.S: kernel\.S:1: bad; more$/),
  });
});
