// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { bytesIn } from './bytes-in.js';

const folder = testFolder();

it('the bytes of files and of folders are summed, and nothing that a link in them names', () => {
  mkdirSync(folder.at('release/below'), { recursive: true });
  writeFileSync(folder.at('release/one'), 'x'.repeat(10));
  writeFileSync(folder.at('release/below/two'), 'x'.repeat(200));
  writeFileSync(folder.at('three'), 'x'.repeat(3000));
  symlinkSync(folder.at('three'), folder.at('release/link'));
  symlinkSync('..', folder.at('release/below/up'));
  expect(bytesIn(folder.at('release'))).toBe(210);
  expect(bytesIn(folder.at('release'), folder.at('three'))).toBe(3210);
  expect(bytesIn()).toBe(0);
});

it('bytes of which any cannot be told are unknown', () => {
  writeFileSync(folder.at('there'), 'x');
  expect(bytesIn(folder.at('there'), folder.at('missing'))).toBeUndefined();
  expect(bytesIn('/dev/null')).toBeUndefined();
});
