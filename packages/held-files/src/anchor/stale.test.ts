// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isTemporaryName, releaseName, reserveName, staleNames } from './stale.js';

describe('a temporary file of another process', () => {
  afterEach(() => vi.restoreAllMocks());
  const name = `.é.${process.pid + 1}-0123456789ab.tmp`;
  const listed = Buffer.from(name).toString('latin1');
  const found = (code: string) => {
    vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
    return staleNames([listed, listed.replace('.tmp', '.txt')], 'é');
  };

  it('a temporary file is left over when its process does not exist', () => {
    expect(found('ESRCH')).toEqual([listed]);
  });

  it.each(['EPERM', 'EINVAL'])(
    'a temporary file is not left over when the answer about its process is %s',
    (code) => {
      expect(found(code)).toEqual([]);
    },
  );
});

describe('the name of a temporary file', () => {
  it('the name of a temporary file is known by the target, whichever process made it', () => {
    const name = reserveName('list.txt');
    expect(isTemporaryName(name, 'list.txt')).toBe(true);
    expect(isTemporaryName('.list.txt.1-0123456789ab.tmp', 'list.txt')).toBe(true);
    for (const other of [name.slice(1), `${name}x`, `x${name}`, '.list.txt.0-0123456789ab.tmp', 'list.txt'])
      expect(isTemporaryName(other, 'list.txt'), other).toBe(false);
    expect(isTemporaryName(name, 'list')).toBe(false);
    releaseName(name);
  });
});

it('a temporary file of this process is left over once its name was released, and not before', () => {
  const name = reserveName('list.txt');
  expect(staleNames([name], 'list.txt')).toEqual([]);
  releaseName(name);
  expect(staleNames([name], 'list.txt')).toEqual([name]);
});
