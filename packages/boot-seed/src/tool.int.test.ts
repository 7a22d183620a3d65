// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { runTool } from './tool.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'latticra-tool-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('runTool', () => {
  itWith(['/bin/sh'], 'a program gives exit code and output, and sees no variable of ours', async () => {
    const result = await runTool('/bin/sh', ['-c', 'echo "$LC_ALL,$HOME,$TZ"; echo two >&2; exit 3'], {
      cwd,
      env: { TZ: 'UTC' },
    });
    expect(result).toEqual({ code: 3, output: 'C,,UTC\ntwo\n' });
  });

  it('a program that cannot be started is reported with the reason', async () => {
    expect(await runTool(join(cwd, 'none'), [], { cwd })).toEqual({
      code: null,
      output: expect.stringContaining('ENOENT'),
    });
  });

  itWith(['/bin/sh'], 'a program that floods its output is ended', async () => {
    const { code, output } = await runTool('/bin/sh', ['-c', 'while :; do echo flood; done'], { cwd });
    expect(code).toBeNull();
    expect(output.length).toBeLessThan(8 << 20);
  });

  itWith(['/bin/sh', 'sleep'], 'an interrupt ends a program and what it has started too', async () => {
    const controller = new AbortController();
    const ended = runTool('/bin/sh', ['-c', 'sleep 600 & echo $! > child; wait'], {
      cwd,
      signal: controller.signal,
    });
    const child = await vi.waitFor(
      async () => {
        const pid = Number(await readFile(join(cwd, 'child'), 'utf8'));
        expect(pid).toBeGreaterThan(1);
        return pid;
      },
      { timeout: 20_000 },
    );
    controller.abort();
    expect(await ended).toMatchObject({ code: null });
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), { timeout: 20_000 });
    expect(await runTool('/bin/sh', ['-c', ':'], { cwd, signal: controller.signal })).toEqual({
      code: null,
      output: 'interrupted',
    });
  });
});
