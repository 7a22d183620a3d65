// SPDX-License-Identifier: Apache-2.0
/** What the changesets of a workspace, and the import graph, come to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import getReleasePlan from '@changesets/get-release-plan';
import { derivedReleases, refusals } from './derive.mjs';
import { carriedBy, readProjects } from './graph.mjs';
import { staleSinceRelease } from './stale.mjs';

/** The function, also where a loader hands out the module instead. */
const readPlan = getReleasePlan.default ?? getReleasePlan;

/**
 * Reads what would be released.
 * @param root the workspace's folder
 * @returns `projects`; `changesets`; `planned`, the names of those that changesets raises; `derived`, the packages that carry code of one of those, or
 *   of one that was released after them, with those; `stale`, the latter, in the versions as they are; `refused`, why the
 *   changesets cannot be released, a line each
 */
export async function readRelease(root) {
  const projects = await readProjects(root);
  const carried = carriedBy(projects);
  const { changesets, releases } = await readPlan(root);
  const { ignore = [] } = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8'));
  const planned = releases.filter(({ type }) => type !== 'none').map(({ name }) => name);
  const stale = staleSinceRelease(root, projects, carried);
  const late = stale.filter(({ name }) => !planned.includes(name));
  // What carries a late one is late as well: it carries all that the other does.
  const derived = new Map(late.map((each) => [each.name, each]));
  for (const each of derivedReleases(planned, carried)) derived.set(each.name, each);
  return {
    projects,
    changesets,
    planned,
    derived: [...derived.values()],
    stale,
    refused: refusals(changesets, ignore, carried),
  };
}
