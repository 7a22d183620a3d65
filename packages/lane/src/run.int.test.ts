// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { itWith } from '../../../tools/testing/tools.js';

let built: string;
let script: string;
let folder: string;

beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'latticra-lane-script-'));
  script = await bundleScript(new URL('../test/script.ts', import.meta.url), built);
});
afterAll(() => rmSync(built, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-lane-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...argv: string[]) =>
  spawnSync(process.execPath, [script, ...argv], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });

describe('a lane as a process', () => {
  it('a lane answers on stdout and exits with 0', () => {
    const { status, stdout, stderr } = run('--work', 'answer');
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `ANSWER\nline_0=${'x'.repeat(100)}\n`,
      stderr: '',
    });
  });

  it('a failed lane says why in one line on stderr, and nothing on stdout', () => {
    const { status, stdout, stderr } = run('--work', 'answer', '--output', 'a\u001b[2J\nb');
    expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
    expect(stderr).toMatch(/^latticra-test: --output: [^\n\u001b]*\n$/);
    expect(run('--work', 'nonsense').status).toBe(64);
    expect(run().status).toBe(64);
    expect(run('--work=write', '--output', 'missing/a').status).toBe(73);
  });

  it('a lane does not take a slow reader for one that is gone', async () => {
    const child = spawn(process.execPath, [script, '--work', 'answer', '--lines', '30000'], { cwd: folder });
    const exit = once(child, 'exit');
    // The pipe is full long before anybody reads.
    await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 500))]);
    let size = 0;
    for await (const chunk of child.stdout) size += (chunk as Buffer).length;
    expect((await exit)[0]).toBe(0);
    expect(size).toBeGreaterThan(30_000 * 100);
  });
});

describe('a stdout that takes no answer', () => {
  itWith(['/dev/full'], 'a lane whose answer meets a full disk exits with 74', () => {
    const full = openSync('/dev/full', 'w');
    try {
      for (const argv of [['--work', 'answer'], ['--help'], ['--version']]) {
        const { status, stderr } = spawnSync(process.execPath, [script, ...argv], {
          cwd: folder,
          stdio: ['ignore', full, 'pipe'],
          encoding: 'utf8',
        });
        expect({ status, stderr }).toEqual({
          status: 74,
          stderr: 'latticra-test: cannot write to stdout (ENOSPC)\n',
        });
      }
    } finally {
      closeSync(full);
    }
  });

  itWith(['bash'], 'a lane whose answer nobody reads exits with 74', () => {
    const command = `"$0" "$1" --work answer --lines 30000 | true; exit "\${PIPESTATUS[0]}"`;
    const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 74,
      stderr: 'latticra-test: cannot write to stdout (EPIPE)\n',
    });
  });

  it('a null device that can be read as well is taken for a closed stdout, and the fix says how to give one', () => {
    const nobody = openSync('/dev/null', 'r+');
    const sink = openSync('/dev/null', 'w');
    const ended = (stdout: number) => {
      const { status, stderr } = spawnSync(process.execPath, [script, '--work', 'answer'], {
        cwd: folder,
        stdio: ['ignore', stdout, 'pipe'],
        encoding: 'utf8',
      });
      return { status, stderr };
    };
    try {
      expect(ended(nobody)).toEqual({
        status: 74,
        stderr: expect.stringMatching(/^latticra-test: stdout is closed; [^\n]*for writing alone[^\n]*\n$/),
      });
      expect(ended(sink)).toEqual({ status: 0, stderr: '' });
    } finally {
      for (const fd of [nobody, sink]) closeSync(fd);
    }
  });

  it('the exit status still tells when stderr takes no reason', () => {
    const reader = openSync(script, 'r');
    try {
      const { status } = spawnSync(process.execPath, [script, '--nonsense'], {
        cwd: folder,
        stdio: ['ignore', 'pipe', reader],
      });
      expect(status).toBe(64);
    } finally {
      closeSync(reader);
    }
  });
});

describe('a lane that is interrupted', () => {
  /** Starts the lane and waits for a line on stderr; gives what follows on it. */
  async function started(
    work: string,
  ): Promise<{ child: ChildProcess; said: (line: string) => Promise<void> }> {
    const log = join(folder, 'stderr');
    const fd = openSync(log, 'w');
    const child = spawn(process.execPath, [script, '--work', work], {
      cwd: folder,
      stdio: ['ignore', 'pipe', fd],
    });
    closeSync(fd);
    const said = async (line: string) => {
      while (!readFileSync(log, 'utf8').includes(line)) {
        expect(child.exitCode).toBeNull();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await said('begun\n');
    return { child, said };
  }
  async function ended(child: ChildProcess) {
    let stdout = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    const [status, signal] = await once(child, 'close');
    return { status, signal, stdout };
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'a lane that %s interrupts while it writes exits with %d and leaves nothing of the file',
    async (signal, status) => {
      const { child } = await started('write');
      const end = ended(child);
      child.kill(signal);
      expect(await end).toEqual({ status, signal: null, stdout: '' });
      expect(readdirSync(folder)).toEqual(['stderr']);
      expect(readFileSync(join(folder, 'stderr'), 'utf8')).toBe('begun\nlatticra-test: interrupted\n');
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'a lane that %s interrupts while something has to end first exits with %d and one line',
    async (signal, status) => {
      const { child } = await started('wait');
      const end = ended(child);
      child.kill(signal);
      expect(await end).toEqual({ status, signal: null, stdout: '' });
      expect(readFileSync(join(folder, 'stderr'), 'utf8')).toBe('begun\nlatticra-test: interrupted\n');
    },
  );

  it('a lane that is interrupted twice exits at once', async () => {
    const { child, said } = await started('stubborn');
    const end = ended(child);
    child.kill('SIGINT');
    await said('stopping\n');
    child.kill('SIGINT');
    expect(await end).toEqual({ status: 130, signal: null, stdout: '' });
  });

  it('a lane that is interrupted exits after some seconds when its work never ends', async () => {
    const { child, said } = await started('stubborn');
    try {
      const end = ended(child);
      child.kill('SIGINT');
      await said('stopping\n');
      expect(await end).toEqual({ status: 130, signal: null, stdout: '' });
    } finally {
      child.kill('SIGKILL');
    }
  }, 30_000);
});
