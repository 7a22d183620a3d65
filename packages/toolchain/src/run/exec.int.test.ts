// SPDX-License-Identifier: Apache-2.0
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { type ExecOptions, execProgram } from '../index.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-exec-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  rmSync(cwd, { recursive: true });
});

function sh(script: string, options: Partial<ExecOptions> = {}) {
  return execProgram('/bin/sh', ['-c', script], { ...defaults(), ...options });
}

const defaults = () => ({ cwd, env: { PATH: '/usr/bin:/bin' }, timeLimitMs: 60_000, maxBytes: 1 << 20 });

/** A file in the place of a program. */
function file(name: string, content: string, mode: number): string {
  const path = join(cwd, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const pidIn = (name: string) => {
  const pid = Number(readFileSync(join(cwd, name), 'utf8'));
  expect(pid).toBeGreaterThan(1);
  return pid;
};

/** Starts a run, and lets its time pass once these files are there: however slow the machine, not sooner. */
async function outlast<T>(run: () => Promise<T>, ...names: string[]): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const running = run();
  await vi.waitFor(() => names.map(pidIn), { timeout: 20_000 });
  vi.advanceTimersByTime(defaults().timeLimitMs);
  const ended = vi.fn();
  running.then(ended, ended);
  await vi.waitFor(() => expect(ended).toHaveBeenCalled(), { timeout: 20_000 });
  return running;
}

/** Whether a process runs; a zombie, which only waits for process 1 to take note of it, does not. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('execProgram', () => {
  itWith(['/bin/sh'], 'the result is the exit status and what was printed, apart or together', async () => {
    const script = 'echo one; echo two >&2; echo three; exit 3';
    expect(await sh(script)).toEqual({ end: { code: 3 }, stdout: 'one\nthree\n', stderr: 'two\n' });
    const { end, stdout, stderr } = await sh(script, { together: true });
    expect([end, stdout.split('\n').sort(), stderr]).toEqual([{ code: 3 }, ['', 'one', 'three', 'two'], '']);
  });

  itWith(['/usr/bin/env'], 'a program gets the environment that is named, and nothing else', async () => {
    vi.stubEnv('NODE_V8_COVERAGE', join(cwd, 'coverage'));
    vi.stubEnv('SECRET', 'of ours');
    const printed = (env: ExecOptions['env']) => execProgram('/usr/bin/env', [], { ...defaults(), env });
    expect(await printed({})).toMatchObject({ end: { code: 0 }, stdout: '' });
    expect(await printed({ PATH: '/a:/b', LC_ALL: 'C', HOME: undefined })).toMatchObject({
      stdout: 'PATH=/a:/b\nLC_ALL=C\n',
    });
  });

  itWith(['/bin/sh'], 'a program gets every argument as it is', async () => {
    const argv = ["it's", '', '$HOME; `id`', '* \\ "', 'two\nlines', '--', 'ä'];
    const script = file('echo', '#!/bin/sh\nprintf "%s|" "$@"', 0o755);
    const { stdout } = await execProgram(script, argv, defaults());
    expect(stdout).toBe(argv.map((word) => `${word}|`).join(''));
  });

  itWith(['cat', '/bin/sh'], 'a program gets an input that is over at once', async () => {
    expect(await sh('cat; echo ended')).toEqual({ end: { code: 0 }, stdout: 'ended\n', stderr: '' });
  });

  itWith(
    ['cat', '/bin/sh'],
    'a program reads the file that it is given, from where that stands',
    async () => {
      const fd = openSync(file('input', 'one\ntwo\n', 0o600), 'r');
      try {
        expect((await sh('read line; echo "got $line"; cat', { input: fd })).stdout).toBe('got one\ntwo\n');
      } finally {
        closeSync(fd);
      }
    },
  );

  itWith(['/bin/sh'], 'what a program says on stderr is told as it comes, and kept as well', async () => {
    const told: string[] = [];
    const script = 'echo touch it >&2; until [ -e touched ]; do sleep 0.01; done; echo thanks';
    const { stdout, stderr } = await sh(script, {
      onStderr(text) {
        told.push(text);
        writeFileSync(join(cwd, 'touched'), '');
      },
    });
    expect([told.join(''), stderr, stdout]).toEqual(['touch it\n', 'touch it\n', 'thanks\n']);
  });

  itWith(
    ['/bin/sh', 'ps'],
    'a program is in a session of its own, unless it is to ask at the terminal',
    async () => {
      const ids = async (options: Partial<ExecOptions>) => {
        const { stdout } = await sh('ps -o pid=,pgid=,sid= -p $$', options);
        const [pid = '', group = '', session = ''] = stdout.trim().split(/\s+/);
        return { leads: group === pid && session === pid };
      };
      expect(await ids({})).toEqual({ leads: true });
      expect(await ids({ foreground: true })).toEqual({ leads: false });
    },
  );

  itWith(['/bin/sh', 'sleep'], 'a program in the foreground is stopped like others', async () => {
    const script = "trap '' TERM; echo $$ > pid; while :; do sleep 0.05; done";
    const result = await outlast(() => sh(script, { foreground: true }), 'pid');
    expect(result).toMatchObject({ end: { stopped: 'time-limit' } });
    expect(runs(pidIn('pid'))).toBe(false);
  });

  itWith(['/bin/sh'], 'characters that arrive in pieces are put together', async () => {
    const script = "printf '\\303'; sleep 0.2; printf '\\244'; sleep 0.2; printf '\\342\\202'";
    expect((await sh(script)).stdout).toBe('ä�');
  });

  itWith(['/bin/sh'], 'the result names the signal that ended a program', async () => {
    expect(await sh('echo out; kill -SEGV $$')).toMatchObject({
      end: { signal: 'SIGSEGV' },
      stdout: 'out\n',
    });
  });

  itWith(['/bin/sh'], 'a program that prints more than it may on either stream is stopped', async () => {
    for (const where of ['1', '2']) {
      const script = `echo $$ > pid; while :; do echo flood >&${where}; done`;
      const { end, stdout, stderr } = await sh(script, { maxBytes: 100_000 });
      expect(end).toEqual({ stopped: 'output-limit' });
      expect(stdout.length + stderr.length).toBeLessThanOrEqual(100_000);
      expect(runs(pidIn('pid'))).toBe(false);
    }
  });

  itWith(['/bin/sh'], 'the limit of output counts bytes, to the last', async () => {
    const script = "printf '\\303\\244\\303\\244'";
    expect(await sh(script, { maxBytes: 4 })).toMatchObject({ end: { code: 0 }, stdout: 'ää' });
    expect(await sh(script, { maxBytes: 3 })).toMatchObject({ end: { stopped: 'output-limit' } });
  });

  itWith(
    ['/bin/sh', 'sleep'],
    'a program that takes too long is asked to end, and its status is not believed',
    async () => {
      const script = "trap 'echo asked; exit 0' TERM; echo out; echo $$ > pid; while :; do sleep 0.01; done";
      expect(await outlast(() => sh(script), 'pid')).toMatchObject({
        end: { stopped: 'time-limit' },
        stdout: 'out\nasked\n',
      });
    },
  );

  itWith(
    ['/bin/sh', 'sleep'],
    'a program that ignores SIGTERM is killed, its children included',
    async () => {
      const stubborn = "trap '' TERM; echo $$ > $0; while :; do sleep 0.1; done";
      const script = `/bin/sh -c "$0" child & exec /bin/sh -c "$0" parent`;
      const run = () => execProgram('/bin/sh', ['-c', script, stubborn], defaults());
      expect(await outlast(run, 'parent', 'child')).toMatchObject({ end: { stopped: 'time-limit' } });
      expect([runs(pidIn('parent')), runs(pidIn('child'))]).toEqual([false, false]);
    },
  );

  itWith(['/bin/sh', 'sleep'], 'nothing that a program leaves behind keeps running', async () => {
    const result = await sh("(trap '' TERM HUP; exec sleep 600) & echo $! > child; echo done");
    expect(result).toEqual({ end: { code: 0 }, stdout: 'done\n', stderr: '' });
    expect(runs(pidIn('child'))).toBe(false);
  });

  itWith(
    ['/bin/sh', 'sleep', 'setsid'],
    'a process that left the group is waited for no longer than allowed',
    async () => {
      const script = `setsid sh -c 'echo $$ > child; exec sleep 600' &
      until [ -s child ]; do sleep 0.01; done; echo done; echo $$ > pid`;
      const result = await outlast(() => sh(script), 'pid');
      process.kill(pidIn('child'), 'SIGKILL');
      expect(result).toEqual({ end: { stopped: 'time-limit' }, stdout: 'done\n', stderr: '' });
    },
  );

  itWith(
    ['/bin/sh', 'sleep'],
    'an abort stops a running program, and a program that is aborted before is not started',
    async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const ended = sh('sleep 600 & echo $! > child; wait', { signal });
      const child = await vi.waitFor(() => pidIn('child'), { timeout: 20_000 });
      controller.abort();
      expect(await ended).toMatchObject({ end: { stopped: 'interrupted' } });
      expect(runs(child)).toBe(false);
      expect(await sh('echo > started', { signal })).toEqual({
        end: { stopped: 'interrupted' },
        stdout: '',
        stderr: '',
      });
      expect(() => readFileSync(join(cwd, 'started'))).toThrow('ENOENT');
    },
  );

  itWith(['/bin/sh', 'sleep'], 'an abort stops a program also while it starts', async () => {
    const controller = new AbortController();
    const ended = sh('sleep 600', { signal: controller.signal });
    controller.abort();
    expect(await ended).toMatchObject({ end: { stopped: 'interrupted' } });
  });

  itWith(
    ['/bin/sh'],
    'execProgram leaves no listener behind, and needs no more for many programs',
    async () => {
      const counts = () => ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
      const before = counts();
      const all = Promise.all(
        Array.from({ length: 12 }, () => sh('echo > started; until [ -e stop ]; do sleep 0.01; done')),
      );
      await vi.waitFor(() => readFileSync(join(cwd, 'started')), { timeout: 20_000 });
      expect(counts()).toEqual(before.map((count) => count + 1));
      writeFileSync(join(cwd, 'stop'), '');
      await all;
      expect(counts()).toEqual(before);
    },
  );
});

describe('a program that cannot be started', () => {
  it.each<[string, () => string, string, string]>([
    ['is not there', () => join(cwd, 'none'), 'program-missing', 'tool-missing'],
    ['has no interpreter', () => file('a', '#!/no/such/sh\n', 0o755), 'program-missing', 'tool-missing'],
    ['is below a file', () => join(file('a', '', 0o644), 'b'), 'program-missing', 'tool-missing'],
    ['may not be executed', () => file('a', '#!/bin/sh\n', 0o644), 'program-not-executable', 'tool-missing'],
    ['is a folder', () => cwd, 'program-not-executable', 'tool-missing'],
  ])('a program that %s is refused by name', async (_, path, code, kind) => {
    const program = path();
    await expect(execProgram(program, [], defaults())).rejects.toMatchObject({
      name: 'ToolchainError',
      code,
      kind,
      message: expect.stringContaining(program),
      fix: expect.any(String),
    });
  });

  it('a program whose arguments are too long is refused by name', async () => {
    const failed = execProgram('/bin/sh', ['-c', ':', 'x'.repeat(16 << 20)], defaults());
    await expect(failed).rejects.toMatchObject({ code: 'arguments-too-long', kind: 'usage' });
    await expect(failed).rejects.toThrow('/bin/sh: its arguments are too long (E2BIG)');
  });

  it.each<[string, readonly string[], () => Partial<ExecOptions>, RegExp]>([
    ['there is no folder to run it in', [], () => ({ cwd: join(cwd, 'gone') }), /there is no folder .*gone/],
    ['an argument has a zero byte', ['a\0b'], () => ({}), /without null bytes/],
  ])('a program is refused when %s', async (_, argv, options, message) => {
    const failed = execProgram('/bin/sh', argv, { ...defaults(), ...options() });
    await expect(failed).rejects.toMatchObject({
      code: 'program-not-started',
      message: expect.stringMatching(message),
    });
  });

  it('a program that is not named by an absolute path is refused', async () => {
    for (const path of ['sh', './sh', '']) {
      await expect(execProgram(path, [], defaults())).rejects.toMatchObject({
        code: 'program-not-started',
        message: expect.stringContaining('expected an absolute path'),
      });
    }
  });

  it('a program that could not be started leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT');
    await expect(execProgram(join(cwd, 'none'), [], defaults())).rejects.toThrow('ENOENT');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
