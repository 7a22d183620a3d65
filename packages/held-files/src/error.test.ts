// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readFailure, writeFailure } from './error.js';

const thrown = (code: string) => Object.assign(new Error(`${code}: no`), { code });

describe('a limit that is reached', () => {
  it.each([
    ['EMFILE', readFailure, 'raise the limit of open files, which ulimit -n shows'],
    [
      'EFBIG',
      writeFailure,
      'raise the limit of file sizes, which ulimit -f shows; FAT holds no file of 4 GiB, exFAT and ext4 do',
    ],
  ] as const)('a limit that is reached, as %s, is told with the ways past it', (errno, reasonOf, fix) => {
    const cause = thrown(errno);
    expect(reasonOf('a/b', cause)).toMatchObject({
      code: 'io',
      message: expect.stringMatching(new RegExp(`^a/b: .* \\(${errno}\\)$`)),
      fix,
      cause,
    });
  });

  it.each([
    ['ENOSPC', 'io', /make room on that disk/],
    ['EDQUOT', 'io', /quota raised/],
    ['EROFS', 'cannot-create', /can be written to/],
    ['EBUSY', 'cannot-create', /a new folder in it/],
  ])('a disk that takes no more, as %s, is told with what to do', (errno, code, fix) => {
    expect(writeFailure('a/b', thrown(errno))).toMatchObject({ code, fix: expect.stringMatching(fix) });
  });

  it('a folder that was filled while its content was made is told with what to do', () => {
    expect(writeFailure('a/b', thrown('ENOTEMPTY'))).toMatchObject({
      code: 'exists',
      message: 'a/b: exists already and is not empty (ENOTEMPTY)',
      fix: 'see what else works there, let it finish, then run this again',
    });
  });

  it('a failure that is about no limit comes without a way to raise one', () => {
    expect(readFailure('a/b', thrown('EIO')).fix).toBeUndefined();
  });
});
