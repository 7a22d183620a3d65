// SPDX-License-Identifier: Apache-2.0
/** What a release of some packages asks of those that carry their code. */

/**
 * Returns the packages that have to be released because they carry code of one that is, each with those: no changeset names
 * them, and what is published of them would stay as it was.
 * @param released names of all that get a new version
 * @param carried as `carriedBy` returns it
 */
export function derivedReleases(released, carried) {
  const due = new Set(released);
  return [...carried]
    .map(([name, others]) => ({ name, carries: [...others].filter((other) => due.has(other)).sort() }))
    .filter(({ name, carries }) => !due.has(name) && carries.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Returns why changesets may not be released as they are, a line each: one that says `none` for a package which has to be
 * released, or a configuration that ignores it.
 * @param changesets as changesets reads them: `{ id, releases: [{ name, type }] }`
 * @param ignored names that the configuration of changesets leaves out
 */
export function refusals(changesets, ignored, carried) {
  const released = changesets.flatMap(({ releases }) =>
    releases.filter(({ type }) => type !== 'none').map(({ name }) => name),
  );
  const due = new Map(derivedReleases(released, carried).map(({ name, carries }) => [name, carries]));
  const held = changesets.flatMap(({ id, releases }) =>
    releases
      .filter(({ name, type }) => type === 'none' && due.has(name))
      .map(
        ({ name }) =>
          `.changeset/${id}.md: says none for ${name}, which carries ${due.get(name).join(', ')}: take the line out`,
      ),
  );
  const left = ignored
    .filter((name) => due.has(name) || released.includes(name))
    .map(
      (name) => `.changeset/config.json: ignores ${name}, which would stay behind: take it out of "ignore"`,
    );
  return [...held, ...left];
}
