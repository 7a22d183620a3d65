// SPDX-License-Identifier: Apache-2.0

const TABLE = /^\|.*\n(?:\|.*\n)*/m;

/** A paragraph that begins with a date, and the empty line behind it. */
const ABOUT = /^\d{4}-\d{2}-\d{2},(?: .+)?\n(?:.+\n)*\n/m;

/**
 * Returns a page in which the first table under a heading is that of a bench, and what it was measured on stands below the heading: the
 * paragraph that begins with a date, in place of the one of before.
 * @param page Markdown
 * @param heading of the second level, without its marks
 * @param printed what the bench printed: that paragraph, and the table
 * @throws Error where the page has no such table, or nothing was measured
 */
export function withTable(page, heading, printed) {
  const [table] = TABLE.exec(printed) ?? [];
  if (table === undefined) throw new Error(`${heading}: no table was measured`);
  const [about] = ABOUT.exec(printed) ?? [];
  if (about === undefined) throw new Error(`${heading}: the table does not say what it was measured on`);
  const title = `\n## ${heading}\n`;
  const at = page.indexOf(title);
  const next = at < 0 ? -1 : page.indexOf('\n## ', at + 1);
  const section = page.slice(at + title.length, next < 0 ? page.length : next);
  const start = at < 0 ? -1 : section.search(TABLE);
  if (start < 0) throw new Error(`${heading}: the page has no table under that heading`);
  const before = section.slice(0, start).replace(ABOUT, '').replace(/^\n/, '');
  const rest = section.slice(start).replace(TABLE, () => table);
  return `${page.slice(0, at)}${title}\n${about}${before}${rest}${page.slice(at + title.length + section.length)}`;
}
