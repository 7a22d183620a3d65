// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, it, vi } from 'vitest';
import { writeErr, writeOut } from './output.js';

/** What the system takes of so many bytes, and all that it took. */
const system = vi.hoisted(() => ({ taken: (length: number): number => length, text: '' }));
vi.mock('node:fs', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:fs')>()),
  writeSync: (_fd: number, bytes: Uint8Array, from = 0) => {
    const taken = system.taken(bytes.length - from);
    system.text += Buffer.from(bytes.subarray(from, from + taken)).toString();
    return taken;
  },
}));
afterEach(() => {
  system.taken = (length) => length;
  system.text = '';
});

it('all of an answer is written, however little is taken at once and however often there is no room', () => {
  let calls = 0;
  system.taken = (length) => {
    if (++calls % 2 === 0) throw Object.assign(new Error('later'), { code: 'EAGAIN' });
    return Math.min(3, length);
  };
  writeOut(3, 'an answer');
  expect([system.text, calls]).toEqual(['an answer', 5]);
});

it('an answer that is not taken ends with the reason, said or not', () => {
  system.taken = () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  };
  expect(() => writeOut(3, 'an answer')).toThrow('cannot write to stdout (ENOSPC)');
  system.taken = () => 0;
  expect(() => writeOut(3, 'an answer')).toThrow('cannot write to stdout: it takes nothing');
  expect(() => writeErr('a reason')).not.toThrow();
});
