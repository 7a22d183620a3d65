// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';

const CALLS =
  'openat,statx,pread64,getdents64,pwrite64,fsync,close,?rename,?renameat,?renameat2,statfs,?chdir';
const OTHERS = '?unlink,?unlinkat,?mkdir,?mkdirat';

/** The number of times that a fault is put in anew that hit another call than was meant. */
const MAX_TRIES = 3;

/** A system call of the main thread: the `nth` of those whose line in strace's log matches. */
export interface Step {
  readonly call: RegExp;
  readonly nth?: number;
}

/** The end of a run. */
export interface Outcome {
  readonly stdout: string;
  readonly signal: NodeJS.Signals | null;
}

/** Runs of anchor-script.ts, with a fault put into one of its system calls. */
export interface FaultyScript {
  /** Returns the path of the script. */
  path(): string;
  /** Runs the script without a fault. @param options.descriptors how many it may have open */
  run(what: string, path: string, options?: { readonly descriptors: number }): Outcome;
  /**
   * Runs it with a fault.
   * @param fault as strace has it behind the name of the call: `error=EIO`, `signal=SIGKILL`, `retval=0`
   */
  runWith(fault: string, step: Step, what: string, path: string): Outcome;
}

/** Lays a root in which the script finds what it looks for. */
export function layRoot(path: string): void {
  mkdirSync(join(path, 'd'), { recursive: true });
  writeFileSync(join(path, 'f'), 'f'.repeat(20_000));
  writeFileSync(join(path, 'r'), 'old');
}

/** Builds the script once for a test file. */
export function faultyScript(): FaultyScript {
  let folder = '';
  let script = '';
  const controls = new Map<string, readonly string[]>();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-held-fault-'));
    script = await bundleScript(new URL('./anchor-script.ts', import.meta.url), folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const trace = (options: readonly string[], what: string, path: string) => {
    const log = join(folder, 'log');
    const args = ['-f', '-y', '-qq', '-o', log, ...options, process.execPath, script, what, path];
    const { stdout, stderr, signal } = spawnSync('strace', args, { encoding: 'utf8' });
    if (stderr !== '') throw new Error(stderr);
    const lines = readFileSync(log, 'utf8').split('\n');
    // The first line is of the main thread, which makes all calls that count here.
    const main = lines[0]?.split(' ', 1)[0] ?? '';
    const calls = lines.filter((line) => line.startsWith(main)).map((line) => line.replace(/^\d+ +/, ''));
    return { stdout, signal, calls };
  };
  const control = (what: string) => {
    const known = controls.get(what);
    if (known !== undefined) return known;
    const path = join(folder, 'control');
    layRoot(path);
    const { stdout, calls } = trace(['-e', `trace=${CALLS},${OTHERS}`], what, path);
    if (stdout !== 'done\n') throw new Error(`without a fault: ${stdout}`);
    rmSync(path, { recursive: true });
    controls.set(what, calls);
    return calls;
  };

  /** Runs the script with a fault, and returns which call was hit where that is not the one that was meant. */
  const inject = (fault: string, { call, nth = 1 }: Step, what: string, path: string) => {
    const calls = control(what);
    const line = calls.filter((text) => call.test(text))[nth - 1];
    if (line === undefined) throw new Error(`${what} makes no such call: ${call}`);
    const name = line.split('(', 1)[0] ?? '';
    const same = calls.filter((text) => text.startsWith(`${name}(`));
    // A `when=1+` or `when=1..3` counts from the step.
    const [, effect = fault, repeat = ''] = /^(.*):when=1(.*)$/.exec(fault) ?? [];
    const first = same.indexOf(line) + 1;
    const when = repeat.replace(/\d+/, (last) => `${first + Number(last) - 1}`);
    const options = ['-e', `trace=${name}`, '-e', `inject=${name}:${effect}:when=${first}${when}`];
    const outcome = trace(options, what, path);
    const hit = outcome.calls.find((text) => text.includes('(INJECTED)')) ?? outcome.calls.at(-1) ?? '';
    return { outcome, hit: outcome.signal === null && !call.test(hit) ? hit : undefined };
  };

  return {
    path: () => script,
    run: (what, path, options) => {
      const limit = options === undefined ? '' : `ulimit -n ${options.descriptors} && `;
      const line = `${limit}exec "$0" "$@"`;
      return spawnSync('sh', ['-c', line, process.execPath, script, what, path], { encoding: 'utf8' });
    },
    runWith: (fault, step, what, path) => {
      const pristine = join(folder, 'pristine');
      cpSync(path, pristine, { recursive: true, preserveTimestamps: true });
      try {
        for (let tries = 1; ; tries += 1) {
          const { outcome, hit } = inject(fault, step, what, path);
          if (hit === undefined) return outcome;
          // How many calls Node makes before the script is reached is not always the same: both runs are taken anew.
          if (tries === MAX_TRIES) throw new Error(`hit ${hit} instead of ${step.call}`);
          controls.delete(what);
          rmSync(path, { recursive: true });
          cpSync(pristine, path, { recursive: true, preserveTimestamps: true });
        }
      } finally {
        rmSync(pristine, { recursive: true });
      }
    },
  };
}
