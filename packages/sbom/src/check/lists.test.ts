// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkSbom } from './check.js';
import { sbomLists } from './lists.js';

const read = (name: string) =>
  checkSbom(readFileSync(new URL(`../../test/cases/${name}`, import.meta.url))).document;

it('a file, and an image that stands as a package, is found by SHA256 alone', () => {
  const own = read('files-and-packages_ok.spdx.json');
  const foreign = read('image-scanner_ok.spdx.json');
  if (own === undefined || foreign === undefined) throw new TypeError('both documents conform');
  const [sha1, sha256] = own.files?.[0]?.checksums ?? [];
  expect(sbomLists(own, sha256?.checksumValue ?? '')).toBe(true);
  expect(sbomLists(own, sha1?.checksumValue ?? '')).toBe(false);
  expect(sbomLists(own, '0'.repeat(64))).toBe(false);
  expect(sbomLists(foreign, foreign.packages?.[0]?.checksums?.[0]?.checksumValue ?? '')).toBe(true);
});
