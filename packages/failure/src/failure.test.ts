// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import ts from 'typescript';
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

describe('two copies of this package', () => {
  /** Loads the module once more, as a program with two versions of the package does. */
  const loadAgain = async (): Promise<typeof import('./failure.js')> => {
    const source = readFileSync(new URL('failure.ts', import.meta.url), 'utf8');
    const { ESNext: module } = ts.ModuleKind;
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module, target: ts.ScriptTarget.ES2022 },
    });
    return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  };

  it('an error of one copy is a failure of the other, with its code, kind and fix', async () => {
    const other = await loadAgain();
    expect(other.Failure).not.toBe(Failure);
    class TheirError extends other.Failure<'theirs'> {}
    const error: unknown = new TheirError('theirs', 'io', 'b.iso: broke', { fix: 'mend it' });
    if (!(error instanceof Failure)) return expect.unreachable();
    expect(error).toMatchObject({ name: 'TheirError', code: 'theirs', kind: 'io', fix: 'mend it' });
    expect(new ExampleError('broken', 'data', 'ours')).toBeInstanceOf(other.Failure);
  });

  it('a class of one copy is not taken for one of the other, whatever it is called', async () => {
    const other = await loadAgain();
    const theirs = class ExampleError extends other.Failure<'broken'> {};
    const error = new theirs('broken', 'data', 'theirs');
    expect(error).not.toBeInstanceOf(ExampleError);
    expect(error).toBeInstanceOf(theirs);
  });

  it.each([
    ['an error', new Error('broken')],
    [
      'an object with the fields of one',
      { name: 'ExampleError', code: 'broken', kind: 'io', message: 'broke' },
    ],
    ['an object with the mark alone', { [Symbol.for('@latticra/failure')]: true }],
    ['text', 'broken'],
    ['nothing', undefined],
    ['null', null],
  ])('%s is no failure', (_, value) => {
    expect(value instanceof Failure).toBe(false);
  });

  it('the mark is in no list of what an error has', () => {
    const error = new ExampleError('broken', 'io', 'broke');
    expect(Object.keys(error).sort()).toEqual(['code', 'fix', 'kind', 'name']);
    expect(Object.getOwnPropertySymbols(error)).toEqual([]);
  });
});
