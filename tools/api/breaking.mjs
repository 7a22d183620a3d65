// SPDX-License-Identifier: Apache-2.0
/** Finds what may break those who build on a package, and whether a changeset says so. */
import { inOneOrder } from './report.mjs';

const ORDER = ['none', 'patch', 'minor', 'major'];

/** Returns the lines of a report that are no longer in it: what is only added breaks nobody. */
export function removedLines(before, after) {
  const left = new Map();
  for (const line of inOneOrder(after).split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  return inOneOrder(before)
    .split('\n')
    .filter((line) => {
      const count = left.get(line) ?? 0;
      if (count > 0) left.set(line, count - 1);
      return count === 0 && line.trim() !== '';
    });
}

/** Reads what changesets say of packages: the largest bump of each. @param texts of the files */
export function bumpsOf(texts) {
  const bumps = new Map();
  for (const text of texts) {
    const [, head = ''] = /^---\n([\s\S]*?)\n---/.exec(text) ?? [];
    for (const [, name, bump] of head.matchAll(/^["']?(@?[\w/-]+)["']?: *(patch|minor|major)$/gm)) {
      if (ORDER.indexOf(bump) > ORDER.indexOf(bumps.get(name) ?? 'none')) bumps.set(name, bump);
    }
  }
  return bumps;
}

/** Returns what a version was raised by from another; 'none' where it is not later. */
export function raisedBy(before, version) {
  const parts = (text) => text.split('-')[0].split('.').map(Number);
  const [was, is] = [parts(before), parts(version)];
  const place = is.findIndex((part, index) => part !== was[index]);
  return place === -1 || is[place] < was[place] ? 'none' : ['major', 'minor', 'patch'][place];
}

/**
 * Returns why a change of a report must not go out as it is; undefined where it may.
 * @param bump that is declared: by changesets, or by the version that was raised already; undefined for none
 * @param version of the package: on 0.x a minor version may break, from 1.0 on only a major one; what is only added takes a
 *   patch on 0.x, and a minor from 1.0 on
 */
export function undeclared({ name, version, before, after, bump = 'none' }) {
  const removed = removedLines(before, after);
  const [added] = removedLines(after, before);
  if (removed.length === 0 && added === undefined) return undefined;
  const isEarly = version.startsWith('0.');
  const wanted = removed.length > 0 ? (isEarly ? 'minor' : 'major') : isEarly ? 'patch' : 'minor';
  if (ORDER.indexOf(bump) >= ORDER.indexOf(wanted)) return undefined;
  const what =
    removed.length > 0
      ? `lost or changed ${removed.length} lines, such as ${shown(removed[0])}`
      : `has more, such as ${shown(added)}`;
  return `${name}: its API ${what}, and ${bump === 'none' ? 'nothing says so' : `a ${bump} says so`}: add a changeset that says ${wanted} for it (pnpm exec changeset)`;
}

/** Quotes a line as far as a person reads it. */
function shown(line) {
  const text = line.trim();
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
