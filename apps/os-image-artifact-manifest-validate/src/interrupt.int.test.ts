// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRelease } from '../../../packages/operator-bundle/test/release.js';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { lane } from './lane.js';

/** To read that much takes longer than the interrupt that is tried. */
const LARGE = 4 * 2 ** 30;

let cwd: string;
let script: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-validate-'));
  script = await bundleScript(new URL('main.ts', import.meta.url), join(cwd, 'bin'));
  await writeRelease(cwd);
  for (const name of ['os.iso', 'os.qcow2']) truncateSync(join(cwd, name), LARGE);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends the validation of two large images soon, with the status %i',
  async (signal, expected) => {
    const child = spawn(process.execPath, [script, '--artifact-manifest', 'manifest.txt'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const ended = once(child, 'exit');
    // Until it reads the first of them.
    const reads = () => readFileSync(`/proc/${child.pid}/io`, 'utf8').match(/^rchar: (\d+)$/m)?.[1] ?? '0';
    while (Number(reads()) < 64 << 20 && child.exitCode === null) await setTimeout(5);
    const before = performance.now();
    child.kill(signal);
    const [status] = await ended;
    expect({ status, said }).toEqual({ status: expected, said: `${lane.bin}: interrupted\n` });
    expect(performance.now() - before).toBeLessThan(4000);
  },
);
