// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { exhaustionOf, Failure } from './index.js';

const systemError = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

describe('exhaustionOf', () => {
  it.each([
    ['EMFILE', systemError('EMFILE', { syscall: 'open' }), 'ulimit -n'],
    ['ENFILE', systemError('ENFILE', { syscall: 'open' }), 'fs.file-max'],
    ['ENOMEM', systemError('ENOMEM', { syscall: 'read' }), 'memory'],
    ['EAGAIN', systemError('EAGAIN', { syscall: 'spawn /usr/bin/git' }), 'ulimit -u'],
    [
      'EMFILE',
      Object.assign(new Error('Worker initialization failure: EMFILE'), { code: 'ERR_WORKER_INIT_FAILED' }),
      'ulimit -n',
    ],
    ['ENOMEM', systemError('ERR_WORKER_OUT_OF_MEMORY'), 'memory'],
  ])('exhaustionOf knows %s, and what to do about it, also underneath other errors', (errno, error, fix) => {
    expect(exhaustionOf(error)).toMatchObject({ errno, fix: expect.stringContaining(fix) });
    const wrapped = new Failure('bad', 'data', 'a.iso: is broken', {
      cause: new Error('above', { cause: error }),
    });
    expect(exhaustionOf(wrapped)).toEqual(exhaustionOf(error));
  });

  it('exhaustionOf finds nothing in what an input or a full pipe is at fault for', () => {
    const circle = new Error('one');
    circle.cause = new Error('other', { cause: circle });
    const others = [
      systemError('ENOENT'),
      systemError('EAGAIN', { syscall: 'write' }),
      systemError('EAGAIN'),
      systemError('constructor'),
      systemError('ERR_WORKER_INIT_FAILED'),
      new Error('EMFILE'),
      circle,
      { code: 'EMFILE' },
      undefined,
    ];
    expect(others.map(exhaustionOf)).toEqual(others.map(() => undefined));
  });
});
