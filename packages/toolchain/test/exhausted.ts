// SPDX-License-Identifier: Apache-2.0
/** Takes every descriptor that this process may have, does one thing and says on stdout how it failed: `exhausted.ts <what> <folder>`. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { readDescriptors } from '../src/firmware/descriptor.js';
import { readPair } from '../src/firmware/flash.js';
import { execProgram } from '../src/index.js';

const [what = '', folder = ''] = process.argv.slice(2);
const env = {};
const run = () =>
  execProgram('/bin/sh', ['-c', ':'], { cwd: folder, env, timeLimitMs: 10_000, maxBytes: 1024 });
const code = join(folder, 'code.fd');
const WORK: Record<string, () => unknown> = {
  program: run,
  descriptors: () => readDescriptors([join(folder, 'firmware')]),
  flash: () => readPair(code, code),
};

// What is loaded late is loaded by then.
await run();
const taken: number[] = [];
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch {
  // No more may be open.
}
let failure = {};
try {
  await WORK[what]?.();
} catch (error) {
  const { name, code: is, kind, message, fix } = error as Error & { code: string; kind: string; fix: string };
  failure = { name, code: is, kind, message, fix };
}
for (const fd of taken) closeSync(fd);
process.stdout.write(JSON.stringify(failure));
