// SPDX-License-Identifier: Apache-2.0
/** The lines of a changelog, for changesets: what was said of the package, and once what it depends on now. */

/** Writes what a changeset says as an item of a list. */
async function getReleaseLine({ summary }) {
  const [first, ...rest] = summary.trim().split('\n');
  return [`- ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

/** Writes the dependencies whose range changed, however many changesets that comes from. */
async function getDependencyReleaseLine(_changesets, updated) {
  if (updated.length === 0) return '';
  return ['- Depends on', ...updated.map(({ name, newVersion }) => `  - ${name}@${newVersion}`)].join('\n');
}

module.exports = { getReleaseLine, getDependencyReleaseLine };
