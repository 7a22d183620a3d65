// SPDX-License-Identifier: Apache-2.0
/** The help of all commands as a set: the same parts in the same order, and a page that can be read. */
import { expect, it } from 'vitest';
import { COMMANDS } from '../../apps/latticra/src/commands/table.js';
import { loadLane } from '../../apps/latticra/src/lanes/load.js';
import { LANES } from '../../apps/latticra/src/lanes/table.js';
import { flagSyntax } from '../../packages/lane/src/help.js';
import { COMMON_FLAGS, formatProgramHelp, type Lane } from '../../packages/lane/src/index.js';
import { tryLane } from '../testing/lane.js';

const lanes: Lane[] = [];
const pages = new Map<string, string>();
for (const entry of [...COMMANDS, ...LANES]) {
  const loaded = await loadLane(entry, entry.bin ?? `latticra ${entry.name}`);
  if ('lane' in loaded) lanes.push(loaded.lane);
  else {
    lanes.push(...Object.values(loaded.program.lanes));
    pages.set(loaded.program.bin, formatProgramHelp(loaded.program));
  }
}
for (const lane of lanes) pages.set(lane.bin, (await tryLane(lane, ['--help'], { cwd: '/' })).stdout);
const all = lanes.map((lane) => ({ lane, bin: lane.bin, page: pages.get(lane.bin) ?? '' }));

/** With which a summary may begin: in the list of all lanes they stand below each other. */
const VERBS =
  'boot bring build check extract hold list make measure print read record report run say show sign stage take verify write'.split(
    ' ',
  );

const PARTS = ['Usage:', 'Flags:', 'Every lane:', 'Examples:', 'Exit:'];

it.each(all)('the help of $bin has its parts in the order of all others', ({ lane, page }) => {
  const found = page.split('\n').flatMap((line) => PARTS.filter((part) => line.startsWith(part)));
  const parts = Object.keys(lane.flags).length === 0 ? PARTS.filter((part) => part !== 'Flags:') : PARTS;
  expect(found).toEqual(parts);
  expect(lane.examples.length).toBeGreaterThan(0);
  expect(page).toMatch(/\nExit: 0 /);
  expect(page).toMatch(/\b64 usage\b/);
});

it.each(all)(
  'the flags of $bin begin in lower case, end without a stop, and are none of every lane',
  ({ lane }) => {
    for (const [name, { help }] of Object.entries(lane.flags)) {
      expect(Object.keys(COMMON_FLAGS), name).not.toContain(name);
      expect(help, name).not.toMatch(/\.$/);
      expect(help, name).toMatch(/^([a-z0-9]|[A-Z]{2}|YYYY|UEFI|SPDX|GRUB|QEMU)/);
    }
    expect(lane.summary).toMatch(/^([a-z]|[A-Z]{2})[^\n]*[^.\n]$/);
  },
);

it.each(all)('the summary of $bin begins with what it does, and its keys are called keys', ({ lane }) => {
  expect(VERBS, lane.summary).toContain(lane.summary.split(/[ ,]/)[0]);
  for (const [name, spec] of Object.entries(lane.flags)) {
    const isKey = spec.value === 'path' && /(^|-)key$/.test(name);
    if (isKey) expect(flagSyntax(name, spec)).toBe(`--${name} <key>`);
    // What a flag may be left out for is told by the kernel, in the same words everywhere.
    expect(spec.help.split(';').slice(1).join(), name).not.toContain('may be left out');
  }
});

it.each([...pages])(
  'the help of %s ends with its exit codes, and a command of several lanes leads to theirs',
  (bin, page) => {
    expect(page.trimEnd().split('\n\n').at(-1)).toMatch(/^Exit: 0 /);
    if (!all.some((lane) => lane.bin === bin))
      expect(page).toContain('\nEach command tells more with --help.\n');
  },
);

it.each([...pages])(
  'the help of %s is at most a hundred columns wide, and none of it is a column of single words',
  (_, page) => {
    const lines = page.split('\n');
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(100);
    // An explanation that goes on for three lines of one word each has no room.
    const isNarrow = (line = '') => /^ {8,}\S+$/.test(line);
    const narrow = lines.filter(
      (line, index) => isNarrow(line) && isNarrow(lines[index + 1]) && isNarrow(lines[index + 2]),
    );
    expect(narrow).toEqual([]);
  },
);
