// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { COMMANDS } from '../commands/table.js';
import type { LaneEntry } from './entry.js';
import { findLane, shortNameOf } from './find.js';
import { LANES } from './table.js';

const entry = (name: string): LaneEntry => ({
  name,
  bin: `latticra-${name}`,
  summary: 'do it',
  load: () => Promise.reject(new Error('not loaded')),
});
const some = [
  'os-image-inspect',
  'evidence-report',
  'os-image-a',
  'evidence-a',
  'os-image-status',
  'b',
  'os-image-b',
].map(entry);
const commands = [{ name: 'status' }];

it.each([
  ['os-image-inspect', 'os-image-inspect'],
  ['latticra-os-image-inspect', 'os-image-inspect'],
  ['inspect', 'os-image-inspect'],
  ['report', 'evidence-report'],
  ['b', 'b'],
  ['a', undefined],
  ['status', undefined],
  ['', undefined],
  ['constructor', undefined],
])('the word %j means the lane %j', (word, expected) => {
  expect(findLane(word, some, commands)?.name).toBe(expected);
});

it('every word of a command or lane means one alone', () => {
  const words = [
    ...COMMANDS.map(({ name }) => name),
    ...LANES.flatMap((lane) => [lane.name, shortNameOf(lane, LANES, COMMANDS) ?? lane.bin]),
  ];
  expect(
    words.filter((word, index) => words.indexOf(word) !== index && !word.startsWith('seabios-')),
  ).toEqual([]);
});
