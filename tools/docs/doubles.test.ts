// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, ROOT } from './blocks.js';

/** Returns the values that are there more than once. */
const twice = (values: readonly string[]) => [
  ...new Set(values.filter((value, at) => values.indexOf(value) !== at)),
];

/** Returns headings of sections that a page has twice, and rows that a table has twice. */
function doublesOn(text: string): string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '');
  const headings = prose.split('\n').filter((line) => /^## /.test(line));
  const tables = prose.match(/(?:^\|.*\n?)+/gm) ?? [];
  const rows = tables.map((table) => table.trim().split('\n'));
  return [...twice(headings), ...rows.flatMap(twice)];
}

describe('what stands twice', () => {
  it.each(PAGES)('%s has no section and no row of a table twice', (page) => {
    expect(doublesOn(readFileSync(join(ROOT, page), 'utf8'))).toEqual([]);
  });

  it('a section and a row that stand twice are found', () => {
    const page = '## A\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 1 | 2 |\n\n## B\n\n## A\n';
    expect(doublesOn(page)).toEqual(['## A', '| 1 | 2 |']);
    expect(doublesOn('## A\n\n```\n## A\n```\n\n| 1 |\n\n| 1 |\n')).toEqual([]);
  });
});
