// SPDX-License-Identifier: Apache-2.0
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';

/** The script beside this file as a process of its own. */
export interface TestScript {
  run(what: string, path: string): SpawnSyncReturns<string>;
  /**
   * Runs it under strace, which puts a fault into one system call (`strace -e inject=…`).
   * @param options.only counts and touches only calls on the file at `path`
   */
  runWithFault(
    fault: string,
    what: string,
    path: string,
    options?: { readonly only: boolean },
  ): SpawnSyncReturns<string>;
}

/** Builds the script once for a test file. */
export function testScript(): TestScript {
  let folder = '';
  let script = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-held-script-'));
    script = await bundleScript(new URL('./script.ts', import.meta.url), folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    run: (what, path) => spawnSync(process.execPath, [script, what, path], { encoding: 'utf8' }),
    runWithFault: (fault, what, path, { only } = { only: false }) =>
      spawnSync(
        'strace',
        [
          ...['-f', '-qq', '-o', '/dev/null', '-e', `inject=${fault}`],
          ...(only ? ['-P', path] : []),
          ...[process.execPath, script, what, path],
        ],
        // strace counts calls by thread: let there be only one that makes them.
        { encoding: 'utf8', env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
      ),
  };
}
