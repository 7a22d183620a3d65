// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { createKeptFiles } from './kept.js';

const file = (name: string, length: number) => ({ name, bytes: new Uint8Array(length), mode: 0o644 });

it('files are handed over once, to whoever has the record that they are of', () => {
  const kept = createKeptFiles();
  const [one, other] = [{}, {}];
  kept.keep(one, [file('a', 1), file('b', 2)]);
  kept.keep(other, [file('c', 3)]);
  expect(kept.take(one)).toEqual([file('a', 1), file('b', 2)]);
  expect(kept.take(one)).toBeUndefined();
  expect(kept.take(other)).toEqual([file('c', 3)]);
});

it('no more bytes are kept than there is room for, and what is taken makes room', () => {
  const kept = createKeptFiles(10);
  const [small, large, later] = [{}, {}, {}];
  kept.keep(small, [file('a', 4)]);
  kept.keep(large, [file('b', 4), file('c', 3)]);
  expect(kept.take(large)).toBeUndefined();
  expect(kept.take(small)).toEqual([file('a', 4)]);
  kept.keep(later, [file('d', 10)]);
  expect(kept.take(later)).toEqual([file('d', 10)]);
});
