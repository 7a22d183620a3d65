// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetKnown, isAnythingKnown, isKnown, keepKnown } from './known.mjs';

const RECORD = 'build/boot-matrix/records/tools/boot-matrix/a_cdrom_b/record.txt';
const FILES = [
  'nx.json',
  'packages/boot-cases/nx.mjs',
  'tools/boot-matrix/boot-matrix.toml',
  'build/boot-matrix/images/latticra/a.iso',
  'apps/boot-matrix/dist/main.cjs',
  RECORD,
];
let root: string;
const at = (path: string) => join(root, path);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-known-'));
  for (const path of FILES) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), path);
  }
  keepKnown(root, 'QEMU 7.2');
});
afterEach(() => rmSync(root, { recursive: true }));

it('records are known while all that they depend on, and they themselves, are as they were kept', () => {
  expect(isKnown(root, 'QEMU 7.2')).toBe(true);
  expect(isKnown(root, 'QEMU 8.0')).toBe(false);
});

it.each(FILES)('records are not known where %s was changed, renamed or removed', (path) => {
  renameSync(at(path), at(`${path}.away`));
  expect(isKnown(root, 'QEMU 7.2')).toBe(false);
  renameSync(at(`${path}.away`), at(path));
  expect(isKnown(root, 'QEMU 7.2')).toBe(true);
  appendFileSync(at(path), '.');
  expect(isKnown(root, 'QEMU 7.2')).toBe(false);
  rmSync(at(path));
  expect(isKnown(root, 'QEMU 7.2')).toBe(false);
});

it('nothing is known once it was forgotten', () => {
  expect(isAnythingKnown(root)).toBe(true);
  forgetKnown(root);
  expect(isAnythingKnown(root)).toBe(false);
});

it('a record that came, what was forgotten, and a state that is none make records unknown', () => {
  writeFileSync(at(`${RECORD}.sig`), '');
  expect(isKnown(root, 'QEMU 7.2')).toBe(false);
  rmSync(at(`${RECORD}.sig`));
  expect(isKnown(root, 'QEMU 7.2')).toBe(true);
  writeFileSync(at('build/boot-matrix/known.json'), '{');
  expect(isKnown(root, 'QEMU 7.2')).toBe(false);
  writeFileSync(at('build/boot-matrix/known.json'), 'null');
  expect(isKnown(root, 'QEMU 7.2')).toBe(false);
  keepKnown(root, 'QEMU 7.2');
  forgetKnown(root);
  expect(isKnown(root, 'QEMU 7.2')).toBe(false);
});
