// SPDX-License-Identifier: Apache-2.0

/** As many as Linux follows on the way to one file. */
const MAX_LINKS = 40;

/**
 * Follows the symbolic links of a tree that lies nowhere yet, inside of it: an absolute target starts at its root, and
 * `..` ends there.
 * @param links targets by path, without `/` in front
 * @returns the path without a link in it; undefined where the links lead in a circle
 */
export function followLinks(path: string, links: ReadonlyMap<string, string>): string | undefined {
  const ahead = path.split('/').reverse();
  const behind: string[] = [];
  let followed = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      behind.pop();
      continue;
    }
    behind.push(part);
    const target = links.get(behind.join('/'));
    if (target === undefined) continue;
    if (++followed > MAX_LINKS) return undefined;
    if (target.startsWith('/')) behind.length = 0;
    else behind.pop();
    ahead.push(...target.split('/').reverse());
  }
  return behind.join('/');
}
