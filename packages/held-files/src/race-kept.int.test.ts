// SPDX-License-Identifier: Apache-2.0
/** Another process writes to a file, and sets its time of writing back, while what it measures is kept and asked for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { HeldFileError, measureFile, withKeptMeasurements } from './index.js';

const ROUNDS = Math.min(2000, Number(process.env.RACE_ROUNDS ?? 60));
const folder = testFolder();

/** Writes a byte somewhere, and sets the time back, again and again, with pauses in which nothing happens. */
const ATTACK = `
const { openSync, writeSync, futimesSync } = require('node:fs');
const fd = openSync(process.argv[1], 'r+');
const wait = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
process.stdout.write('ready');
for (let round = 0; ; round++) {
  writeSync(fd, String.fromCharCode(33 + (round % 90)), (round * 7919) % (2 << 20));
  futimesSync(fd, 1, 1);
  wait((round * 37) % 90);
}`;

let attacker: ChildProcess | undefined;
afterEach(() => attacker?.kill('SIGKILL'));

/** Waits until a process does nothing any more. */
async function stop(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  while (!/^\d+ \(.*\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await setTimeout(1);
}

it('a measurement that is kept is never taken for another content, whenever somebody writes', async () => {
  const path = folder.at('image');
  writeFileSync(path, Buffer.alloc(2 << 20, 'content'));
  attacker = spawn(process.execPath, ['-e', ATTACK, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(attacker.stdout ?? expect.fail(), 'data');
  const { pid = 0 } = attacker;
  let known = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await withKeptMeasurements(async (kept) => {
      await measureFile(path, { keep: kept }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(HeldFileError);
      });
      await setTimeout((round * 13) % 20);
      await stop(pid);
      const fd = openSync(path, 'r');
      const found = kept.of({ fd });
      closeSync(fd);
      if (found !== undefined) {
        known++;
        expect(found.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
      }
      process.kill(pid, 'SIGCONT');
    });
  }
  expect(known).toBeGreaterThan(0);
  process.stdout.write(`\nkept measurements | a writer that sets times back | ${known} of ${ROUNDS} known\n`);
}, 120_000);
