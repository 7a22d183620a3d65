// SPDX-License-Identifier: Apache-2.0
/**
 * Starts a machine, and ends it as soon as a text stands on its serial line:
 *
 *   node tools/bench/boot-until.mjs <text> qemu-system-x86_64 …
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIME_LIMIT_MS = 300_000;
const [text, program, ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'latticra-boot-until-'));
const serial = join(folder, 'serial.log');
const isThere = () => existsSync(serial) && readFileSync(serial, 'latin1').includes(text);

const machine = spawn(program, [...args, '-serial', `file:${serial}`], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
const began = Date.now();
const looking = setInterval(() => {
  if (isThere() || Date.now() - began > TIME_LIMIT_MS) machine.kill('SIGKILL');
}, 20);
machine.on('close', () => {
  clearInterval(looking);
  const found = isThere();
  rmSync(folder, { recursive: true });
  if (!found) process.stderr.write(`no ${JSON.stringify(text)} on the serial line\n`);
  process.exit(found ? 0 : 1);
});
