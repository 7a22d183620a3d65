// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { PAGES } from './blocks.js';
import { commandsOn, splitLine } from './commands.js';
import { problemOf } from './known.js';

const pages = PAGES.filter((page) => commandsOn(page).length > 0);

describe('the commands of', () => {
  it.each(pages)('the commands of %s exist, with their flags, scripts and files', (page) => {
    const problems = commandsOn(page).map((command) => problemOf(command));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it('the commands of every lane are on its page', () => {
    const shown = pages.filter((page) => page.startsWith('apps/'));
    expect(PAGES.filter((page) => page.startsWith('apps/') && !shown.includes(page))).toEqual([]);
  });
});

describe('problemOf', () => {
  it.each([
    'pnpm no-such-script',
    'pnpm exec no-such-program',
    'npm no-such-script',
    'npm install @latticra/no-such-package',
    'npm start -- --no-such-flag',
    'node tools/no-such-file.mjs',
    'node --version',
    'no-such-program',
    'pnpm exec vitest run packages/no-such-package/',
    'latticra-seal',
    'latticra no-such-command',
    'latticra rehearse --no-such-flag',
    'latticra-boot-seed-build --no-such-flag',
    'latticra-boot-seed-build --bootloader lilo',
    'latticra-boot-seed-qemu-smoke --iso',
    'latticra-seal check --manifest a.toml',
    'pnpm nx g @latticra/workspace:app x',
    'pnpm nx g @latticra/workspace:lane x --no-such-option',
  ])('a problem is found in %s', (line) => {
    const [words = []] = splitLine(line);
    expect(problemOf({ page: 'README.md', words })).toMatch(/\w/);
  });

  it.each([
    'pnpm test',
    'npm install @latticra/disk-image',
    'pnpm -r publish',
    'pnpm exec latticra rehearse',
    'latticra-boot-seed-build --help',
    'latticra-boot-seed-build --json --manifest a.toml --bootloader grub',
    'test-latticra-os-image-usb-write-command',
    'node apps/seal/dist/main.cjs check',
  ])('no problem is found in %s', (line) => {
    const [words = []] = splitLine(line);
    expect(problemOf({ page: 'README.md', words })).toBeUndefined();
  });
});

describe('splitLine', () => {
  it.each([
    ['a b  c # d', [['a', 'b', 'c']]],
    ['A=1 B=2 a --b=c', [['a', '--b=c']]],
    ['a \'b c\' --d="e f"', [['a', 'b c', '--d=e f']]],
    ['(a b && c) | d > e; f < g', [['a', 'b'], ['c'], ['d'], ['f']]],
    ['a "#" b#c', [['a', '#', 'b#c']]],
    ['until a b; do c; done', [['a', 'b'], ['c']]],
    ['# a', []],
    ['', []],
  ])('the line %j is taken apart', (line, commands) => {
    expect(splitLine(line)).toEqual(commands);
  });
});
