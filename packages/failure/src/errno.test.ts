// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { errnoOf } from './index.js';

const systemError = (code: string, errno?: number) => Object.assign(new Error(code), { code, errno });

describe('errnoOf', () => {
  it('errnoOf returns the name of what the system refused', () => {
    try {
      readFileSync('/no/such/file');
      expect.unreachable();
    } catch (error) {
      expect(errnoOf(error)).toBe('ENOENT');
    }
  });

  it('errnoOf knows numbers that libuv has no name for', () => {
    const { EDQUOT } = constants.errno;
    expect(errnoOf(systemError(`Unknown system error -${EDQUOT}`, -EDQUOT))).toBe('EDQUOT');
  });

  it.each([
    ['an error of Node', systemError('ERR_INVALID_ARG_TYPE')],
    ['a number that no system has', systemError('Unknown system error -99999', -99999)],
    ['an error without a code', new Error('ENOENT')],
    ['no error', { code: 'ENOENT' }],
    ['nothing', undefined],
  ])('errnoOf returns an empty name for %s', (_, error) => {
    expect(errnoOf(error)).toBe('');
  });
});
