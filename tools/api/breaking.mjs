// SPDX-License-Identifier: Apache-2.0
/** Finds what may break those who build on a package, and whether a changeset says so. */

/** Returns the lines of a report that are no longer in it: what is only added breaks nobody. */
export function removedLines(before, after) {
  const left = new Map();
  for (const line of after.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  return before.split('\n').filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0 && line.trim() !== '';
  });
}

/** Reads what changesets say of packages: the largest bump of each. @param texts of the files */
export function bumpsOf(texts) {
  const order = ['patch', 'minor', 'major'];
  const bumps = new Map();
  for (const text of texts) {
    const [, head = ''] = /^---\n([\s\S]*?)\n---/.exec(text) ?? [];
    for (const [, name, bump] of head.matchAll(/^["']?(@?[\w/-]+)["']?: *(patch|minor|major)$/gm)) {
      if (order.indexOf(bump) > order.indexOf(bumps.get(name) ?? 'none')) bumps.set(name, bump);
    }
  }
  return bumps;
}

/**
 * Returns why a change of a report must not go out as it is; undefined where it may.
 * @param version of the package: on 0.x a minor version may break, from 1.0 on only a major one
 */
export function undeclared({ name, version, before, after, bumps }) {
  const removed = removedLines(before, after);
  if (removed.length === 0) return undefined;
  const wanted = version.startsWith('0.') ? ['minor', 'major'] : ['major'];
  if (wanted.includes(bumps.get(name))) return undefined;
  return `${name}: its API lost or changed ${removed.length} lines, such as ${JSON.stringify(removed[0].trim())}; add a changeset of ${wanted.join(' or ')} for it`;
}
