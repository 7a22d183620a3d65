// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { verifyOperatorBundle } from '@latticra/operator-bundle';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeRelease } from '../../../packages/operator-bundle/test/release.js';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { buildFaultLibrary } from '../../../tools/testing/fault.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { haveTools, itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

/** `FULL_SWEEP=1` goes through every call; the suite through a sample that begins elsewhere for each fault. */
const full = process.env.FULL_SWEEP === '1';

const ARGV = [
  '--artifact-manifest',
  'release/manifest.txt',
  '--output-dir',
  'out',
  '--vm-firmware',
  'seabios',
];

/** Made once: the lane as a program, and the library that lets its calls fail. */
let made: string;
let script: string;
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'bundle-fault-'));
  script = await bundleScript(new URL('./main.ts', import.meta.url), made);
  if (haveTools('gcc')) buildFaultLibrary(made);
});
afterAll(() => rmSync(made, { recursive: true }));

let cwd: string;
beforeEach(async () => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'bundle-fault-')));
  await writeRelease(join(cwd, 'release'), { signed: true, apart: true });
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Runs the lane as a process, with what `tools/testing/fault.c` takes from the environment. */
function run(fault: Record<string, string>) {
  const env = { PATH: process.env.PATH, LD_PRELOAD: join(made, 'fault.so'), FAULT_ROOT: cwd, ...fault };
  return spawnSync(process.execPath, [script, ...ARGV], { cwd, env, encoding: 'utf8' });
}

/** Counts the calls of a run that write. */
function countCalls(): number {
  const file = join(made, 'count');
  expect(run({ FAULT_COUNT: file })).toMatchObject({ status: 0, stderr: '' });
  rmSync(join(cwd, 'out'), { recursive: true });
  return readFileSync(file, 'utf8').split('\n').length - 1;
}

/** Returns the numbers of the calls to fail: every call, or every `stride`th from `first` on. */
function sample(first: number, stride: number): number[] {
  const all = Array.from({ length: countCalls() }, (_, index) => index + 1);
  expect(all.length).toBeGreaterThan(80);
  return full ? all : all.filter((at) => at % stride === first % stride);
}

/**
 * Verifies what lies beside the release, which may be whole bundles only, and takes it away; returns whether there
 * was one.
 */
async function takeBundle(): Promise<boolean> {
  const out = join(cwd, 'out');
  if (!readdirSync(cwd).includes('out')) return false;
  await verifyOperatorBundle(out);
  rmSync(out, { recursive: true });
  return true;
}

describe('a run that is killed', () => {
  itWith(
    ['gcc'],
    'a run that is killed leaves no bundle or a whole one, and none in the way of the next run',
    async () => {
      const whole: number[] = [];
      const calls = sample(0, 4);
      for (const at of calls) {
        expect(run({ FAULT_AT: `${at}` }).signal, `call ${at}`).toBe('SIGKILL');
        if (await takeBundle()) whole.push(at);
        expect((await tryLane(lane, ARGV, { cwd })).status, `after call ${at}`).toBe(0);
        expect(await takeBundle()).toBe(true);
      }
      // Once it is there it is complete: that can only be at the very end.
      expect(whole).toEqual(calls.slice(calls.length - whole.length));
      expect(whole.length).toBeLessThan(5);
    },
    full ? 600_000 : undefined,
  );
});

describe('a call that fails', () => {
  const { ENOSPC, EIO, EROFS, EMFILE, EDQUOT } = constants.errno;
  const FAULTS = [
    { name: 'a full disk', errno: ENOSPC, stays: true, text: 'no space left on the device (ENOSPC)' },
    { name: 'a used-up quota', errno: EDQUOT, stays: true, text: 'disk quota exceeded (EDQUOT)' },
    { name: 'a bad sector', errno: EIO, stays: false, text: 'input/output error (EIO)' },
    {
      name: 'a disk that became read-only',
      errno: EROFS,
      stays: false,
      text: 'read-only file system (EROFS)',
    },
    { name: 'no descriptors left', errno: EMFILE, stays: false, text: 'too many open files (EMFILE)' },
  ];
  for (const [index, { name, errno, stays, text: reason }] of FAULTS.entries()) {
    itWith(
      ['gcc'],
      `a run that meets ${name} says so in one line and leaves nothing behind`,
      async () => {
        const calls = sample(2 * index, 11);
        let failed = 0;
        for (const at of calls) {
          const fault = { FAULT_AT: `${at}`, FAULT_ERRNO: `${errno}`, FAULT_STAYS: stays ? '1' : '0' };
          const { status, stdout, stderr } = run(fault);
          const there = await takeBundle();
          expect(readdirSync(cwd), `call ${at}`).toEqual(['release']);
          // Where blocks cannot be shared they are copied; it does not matter why.
          if (status === 0) {
            expect({ there, stderr }).toEqual({ there: true, stderr: '' });
            continue;
          }
          failed++;
          expect([73, 74], `call ${at}: ${stderr}`).toContain(status);
          expect(stdout).toBe('');
          expect(stderr).toMatch(/^latticra-os-image-operator-bundle-from-artifacts: [^\n]+\n$/);
          // What was left of an attempt to share blocks may resist being removed; then it is what is in the way.
          expect(
            [reason, 'exists already (EEXIST)'].some((known) => stderr.includes(known)),
            stderr,
          ).toBe(true);
        }
        expect(failed).toBeGreaterThan(0.7 * calls.length);
      },
      full ? 600_000 : undefined,
    );
  }
});

describe('two runs into one folder', () => {
  it('one of two runs into one folder wins, and the other says so', async () => {
    for (let round = 0; round < 6; round++) {
      const results = await Promise.all(
        [0, 1].map(async () => {
          const child = spawn(process.execPath, [script, ...ARGV], {
            cwd,
            stdio: ['ignore', 'pipe', 'pipe'],
          });
          const [stdout, stderr, [status]] = await Promise.all([
            text(child.stdout),
            text(child.stderr),
            once(child, 'exit'),
          ]);
          return { status, stdout, stderr };
        }),
      );
      const [winner, loser] = results.sort((a, b) => a.status - b.status);
      expect(winner).toMatchObject({ status: 0, stderr: '' });
      expect(loser).toMatchObject({ status: 73, stdout: '' });
      expect(loser?.stderr).toMatch(/^latticra-[^\n]+ exists already and is not empty[^\n]*\n$/);
      expect(winner?.stdout).toBe(readFileSync(join(cwd, 'out/operator-bundle-report.txt'), 'utf8'));
      expect(await takeBundle()).toBe(true);
      expect(readdirSync(cwd)).toEqual(['release']);
    }
  });
});
