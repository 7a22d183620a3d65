// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleScript } from '../../../../tools/testing/bundle.js';
import { itWith } from '../../../../tools/testing/tools.js';

let folder: string;
let runner: string;
let cwd: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-live-'));
  runner = await bundleScript(new URL('../../test/runner.ts', import.meta.url), folder, { splitting: true });
});
beforeEach(() => {
  cwd = mkdtempSync(join(folder, 'run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets a process that runs a program end, and waits until the program is gone as well. */
async function end(how: string, signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, [runner, how], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const closed = once(child, 'close');
  await vi.waitFor(() => readFileSync(join(cwd, 'ready')), { timeout: 20_000 });
  if (signal !== undefined) child.kill(signal);
  const [code, endedBy] = await closed;
  const program = readFileSync(join(cwd, 'pid'), 'utf8').trim();
  const state = () => {
    try {
      return readFileSync(`/proc/${program}/stat`, 'utf8').split(' ')[2];
    } catch {
      return undefined;
    }
  };
  await vi.waitFor(() => expect([undefined, 'Z']).toContain(state()), { timeout: 20_000 });
  return { code, endedBy, printed };
}

describe('a program', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    itWith(['/bin/sh', 'sleep'], `a program ends with the process that runs it, by ${signal}`, async () => {
      expect(await end('waits', signal)).toEqual({ code, endedBy: null, printed: '' });
    });
  }

  itWith(['/bin/sh', 'sleep'], 'a program ends with the process that runs it, by its exit', async () => {
    expect(await end('exits')).toEqual({ code: 3, endedBy: null, printed: '' });
  });

  itWith(['/bin/sh', 'sleep'], 'a program ends with the process that runs it, by an error', async () => {
    expect(await end('throws')).toEqual({ code: 1, endedBy: null, printed: '' });
  });

  itWith(
    ['/bin/sh', 'sleep'],
    'a program is left to the process that runs it when that listens to Ctrl-C',
    async () => {
      const stopped = '{"stopped":"interrupted"}';
      expect(await end('listens', 'SIGINT')).toEqual({ code: 0, endedBy: null, printed: stopped });
    },
  );

  it('a process that runs no program does not load what would start one', () => {
    const printed = execFileSync(process.execPath, [runner, 'idles'], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual(['function', false]);
  });
});
