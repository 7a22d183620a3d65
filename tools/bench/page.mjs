// SPDX-License-Identifier: Apache-2.0

const TABLE = /^\|.*\n(?:\|.*\n)*/m;

/**
 * Returns a page in which the first table under a heading is that of a bench.
 * @param page Markdown
 * @param heading of the second level, without its marks
 * @param printed what the bench printed: a line about the machine, and its table
 * @throws Error where the page has no such table, or nothing was measured
 */
export function withTable(page, heading, printed) {
  const [table] = TABLE.exec(printed) ?? [];
  if (table === undefined) throw new Error(`${heading}: no table was measured`);
  const at = page.indexOf(`\n## ${heading}\n`);
  const next = at < 0 ? -1 : page.indexOf('\n## ', at + 1);
  const section = page.slice(at, next < 0 ? page.length : next);
  if (at < 0 || !TABLE.test(section)) throw new Error(`${heading}: the page has no table under that heading`);
  return page.slice(0, at) + section.replace(TABLE, () => table) + page.slice(at + section.length);
}
