// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CASES } from '../test/linux/cases.js';
import { MAC_CASES } from '../test/macos/cases.js';

const page = fileURLToPath(new URL('../../../docs/usb.md', import.meta.url));

/** A table as the formatter of these pages writes it. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill: string) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width, fill)).join(' | ')} |\n`;
  return [line(head, ' '), line([], '-'), ...rows.slice(1).map((row) => line(row, ' '))].join('');
}

const TABLES = { linux: CASES, macos: MAC_CASES };

describe('docs/usb.md', () => {
  it('docs/usb.md says what the tests prove (vitest -u writes it)', async () => {
    let fresh = await readFile(page, 'utf8');
    for (const [platform, cases] of Object.entries(TABLES)) {
      const rows = cases.map(({ title, reason }) => [title, reason ? 'blocked' : 'ready', reason ?? 'none']);
      const table = formatTable([['device', 'verdict', 'reason'], ...rows]);
      fresh = fresh.replace(
        new RegExp(`(<!-- devices of ${platform} -->\n)[\\s\\S]*(?=<!-- end of ${platform} -->)`),
        (_, mark) => `${mark}\n${table}\n`,
      );
      expect(fresh).toContain(table);
    }
    await expect(fresh).toMatchFileSnapshot(page);
  });

  it.each(Object.entries(TABLES))('no device of %s is named twice', (_, cases) => {
    const titles = cases.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
