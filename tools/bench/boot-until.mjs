// SPDX-License-Identifier: Apache-2.0
/**
 * Starts a machine whose serial line is its stdout, and ends it as soon as a text stands there:
 *
 *   node tools/bench/boot-until.mjs <text> qemu-system-x86_64 …
 */
import { spawn } from 'node:child_process';

const [text, program, ...args] = process.argv.slice(2);
const machine = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
let log = '';
machine.stdout.setEncoding('latin1');
machine.stdout.on('data', (piece) => {
  log += piece;
  if (log.includes(text)) machine.kill('SIGKILL');
});
machine.on('close', () => process.exit(log.includes(text) ? 0 : 1));
