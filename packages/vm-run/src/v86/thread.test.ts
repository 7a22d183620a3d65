// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { watchThread } from './thread.js';

const work = () => ({
  kernel: new Uint8Array(),
  serial: new SharedArrayBuffer(8),
  serialLength: new SharedArrayBuffer(4),
  screen: new SharedArrayBuffer(2000),
});
const START = `const { parentPort } = require('node:worker_threads');
const post = (message) => parentPort.postMessage(message);
const run = () => post({ kind: 'running', version: '1' });
const keep = () => setInterval(() => {}, 1000);
`;
const watch = (script: string, timeoutMs = 60_000, startLimitMs = 60_000) =>
  watchThread(START + script, work(), timeoutMs, undefined, startLimitMs);

it.each([
  ['throws', "run(); throw new Error('a\\nb\\x1b[2J');", 'v86 stopped: Error: a b [2J'],
  ['throws what is no error', "run(); throw 'HALT';", 'v86 stopped: HALT'],
  ['rejects', "run(); keep(); Promise.reject(new RangeError('r'));", 'v86 stopped: RangeError: r'],
  ['is no script', '}', /^v86 stopped: SyntaxError/],
  ['runs out of stack', 'const f = () => f() + 1; f();', /^v86 stopped: RangeError/],
  ['ends', 'run();', 'v86 ended with status 0 before the guest did'],
  ['ends itself', 'process.exit(3);', 'v86 ended with status 3 before the guest did'],
  ['writes to stdout', "run(); keep(); console.log('x\\ny');", 'v86 says: x y'],
  ['writes to stderr', "run(); keep(); console.assert(false, 'bad');", 'v86 says: Assertion failed: bad'],
  [
    'ends a guest that it did not start',
    "post({ kind: 'exit', value: 16 }); keep();",
    /that it never started/,
  ],
])('a thread that %s fails the run with its reason', async (_, script, message) => {
  await expect(watch(script)).rejects.toMatchObject({
    code: 'emulator-failed',
    kind: 'unfulfilled',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
});

it('a thread that never starts the kernel fails the run', async () => {
  await expect(watch('for (;;);', 60_000, 200)).rejects.toMatchObject({
    code: 'emulator-failed',
    message: 'v86 did not start the kernel within 0.2 s',
  });
});

it('a thread that never answers again is ended when the time of its guest is over', async () => {
  const { end, version } = await watch('run(); for (;;);', 100);
  expect([end, version]).toEqual([{ kind: 'timeout', timeoutMs: 100 }, '1']);
});

it('the end and the flood of a guest are the end of the run', async () => {
  expect((await watch("run(); post({ kind: 'exit', value: 16 }); keep();")).end).toEqual({
    kind: 'exit',
    code: 33,
  });
  expect((await watch("run(); post({ kind: 'flood' }); keep();")).end).toEqual({
    kind: 'flood',
    limitBytes: 8,
  });
});

it('a run that is aborted ends its thread', async () => {
  const run = watchThread(`${START}run(); keep();`, work(), 60_000, AbortSignal.timeout(100));
  await expect(run).rejects.toMatchObject({ code: 'interrupted' });
});
