// SPDX-License-Identifier: Apache-2.0
/** A process that runs a program that nothing but SIGKILL ends, and comes to the end that its argument names. */
import { existsSync } from 'node:fs';
import { execProgram } from '../src/index.js';

const [how] = process.argv.slice(2);
if (how === 'idles') {
  // What Node itself has loaded, by name: not part of its types.
  const loaded: unknown = Reflect.get(process, 'moduleLoadList');
  process.stdout.write(JSON.stringify([typeof execProgram, String(loaded).includes('child_process')]));
  process.exit();
}
const controller = new AbortController();
if (how === 'listens') process.on('SIGINT', () => controller.abort());

const script = "trap '' TERM INT HUP; echo $$ > pid; echo > ready; while :; do sleep 0.1; done";
const running = execProgram('/bin/sh', ['-c', script], {
  cwd: process.cwd(),
  env: { PATH: '/usr/bin:/bin' },
  timeLimitMs: 60_000,
  maxBytes: 1024,
  signal: controller.signal,
});
running.then(({ end }) => process.stdout.write(JSON.stringify(end)));

if (how === 'exits' || how === 'throws') {
  const timer = setInterval(() => {
    if (!existsSync('ready')) return;
    clearInterval(timer);
    if (how === 'exits') process.exit(3);
    throw new Error('from the runner');
  }, 20);
}
