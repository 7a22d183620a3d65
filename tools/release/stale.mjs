// SPDX-License-Identifier: Apache-2.0
/** Packages that were released before what they carry: found by the tags that a release leaves, `<name>@<version>`. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Returns every package whose version is released already, and which carries code of others that have had a new version
 * since, with those: `changeset publish` would pass it over, and its users would keep the old code.
 * @param root a work tree of git with all tags
 * @param projects as `readProjects` returns them
 */
export function staleSinceRelease(root, projects, carried) {
  const git = (...argv) => execFileSync('git', argv, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const tags = new Set(git('tag', '--list').split('\n'));
  return [...projects.values()].flatMap(({ name, version }) => {
    const tag = `${name}@${version}`;
    if (!tags.has(tag)) return [];
    const carries = [...(carried.get(name) ?? [])].filter((other) => {
      const { folder, version: now } = projects.get(other);
      return versionAt(git, tag, join(folder, 'package.json')) !== now;
    });
    return carries.length === 0 ? [] : [{ name, version, carries: carries.sort() }];
  });
}

/** Says of a stale package what is wrong, on a line. */
export const staleReason = ({ name, version, carries }) =>
  `${name}@${version}: was released before ${carries.join(', ')}, which it carries: run pnpm release:version`;

function versionAt(git, tag, file) {
  try {
    return JSON.parse(git('show', `refs/tags/${tag}:${file}`)).version;
  } catch (error) {
    // git's status for a path that the tag does not have.
    if (error.status === 128) return undefined;
    throw error;
  }
}
