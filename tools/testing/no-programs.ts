// SPDX-License-Identifier: Apache-2.0
/**
 * Set up before every test file: what is not called `x.int.test.ts` runs no programs, so that `pnpm test:unit` is quick
 * and needs nothing but Node. Where a unit test starts one all the same, the call fails, and so does the file: code that
 * makes do without the program cannot hide it.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, expect } from 'vitest';

const STARTERS = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const;

/** Programs that make files that Node itself cannot make, and do nothing else: the same as a call of `node:fs`. */
const FILE_MAKERS = ['mkfifo', 'mknod'];

const started: string[] = [];

/** Returns whether the program is looked up by its name where the caller said that there are none. */
function isNowhere(program: string, args: readonly unknown[]): boolean {
  const options = args.find((arg) => typeof arg === 'object' && arg !== null && 'env' in arg);
  return !program.includes('/') && (options as { env?: NodeJS.ProcessEnv } | undefined)?.env?.PATH === '';
}

if (!expect.getState().testPath?.endsWith('.int.test.ts')) {
  const real = STARTERS.map((name) => [name, childProcess[name]] as const);
  const put = (name: string, value: unknown) => Object.defineProperty(childProcess, name, { value });
  for (const [name, start] of real) {
    put(name, (program: string, ...args: unknown[]) => {
      if (FILE_MAKERS.includes(program) || isNowhere(program, args)) {
        return (start as (...all: unknown[]) => unknown)(program, ...args);
      }
      started.push(program);
      throw new Error(`a unit test starts ${program}: move it to a file called x.int.test.ts`);
    });
  }
  syncBuiltinESMExports();
  afterAll(() => {
    for (const [name, start] of real) put(name, start);
    syncBuiltinESMExports();
    expect(started, 'programs that a unit test started').toEqual([]);
  });
}
