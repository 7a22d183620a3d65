// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Failure } from './index.js';

class ExampleError extends Failure<'broken' | 'lost'> {}

describe('Failure', () => {
  it('a failure carries what it was given, under the name of its class', () => {
    const cause = new RangeError('underneath');
    const error = new ExampleError('broken', 'io', 'a.iso: broke', { fix: 'mend it', cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'ExampleError',
      code: 'broken',
      kind: 'io',
      message: 'a.iso: broke',
      fix: 'mend it',
    });
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe('ExampleError: a.iso: broke');
  });

  it('a failure has no cause and no fix where none was given', () => {
    const error = new ExampleError('lost', 'data', 'gone');
    expect(error.fix).toBeUndefined();
    expect('cause' in error).toBe(false);
  });
});
