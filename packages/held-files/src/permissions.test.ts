// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { setPermissions } from './permissions.js';

const folder = testFolder();
const refusing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

it('permissions are set where the file system keeps them', () => {
  mkdirSync(folder.at('a'), { mode: 0o700 });
  setPermissions(folder.at('a'), 0o755);
  expect(statSync(folder.at('a')).mode & 0o777).toBe(0o755);
});

it('a file system that keeps no permissions is as good where the owner may do as much, and told where not', () => {
  mkdirSync(folder.at('a'), { mode: 0o700 });
  writeFileSync(folder.at('b'), '');
  chmodSync(folder.at('b'), 0o644);
  for (const code of ['EPERM', 'ENOTSUP']) {
    expect(() => setPermissions(folder.at('a'), 0o755, refusing(code))).not.toThrow();
    expect(() => setPermissions(folder.at('b'), 0o755, refusing(code))).toThrow(code);
  }
  expect(() => setPermissions(folder.at('a'), 0o755, refusing('EIO'))).toThrow('EIO');
});
