// SPDX-License-Identifier: Apache-2.0
/** The rows and sections about a project that are in files of everybody. */

/** Rewrites the file at `path`, and fails where nothing came of it: a table that moved has to be found again. */
export function edit(tree, path, change) {
  const before = tree.read(path, 'utf8');
  const after = before === null ? before : change(before);
  if (after === before) throw new Error(`${path}: has no place for the new project`);
  tree.write(path, after);
}

/**
 * Adds `row` to the table under the line `head`: behind its last row that `isNear` wants it behind, else at its end.
 * Returns the text as it was where there is no such table.
 */
export function addRow(text, head, row, isNear) {
  const lines = text.split('\n');
  const start = lines.indexOf(head);
  if (start < 0) return text;
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const near = lines.findLastIndex((line, index) => index > start + 1 && index < end && isNear(line));
  lines.splice(near < 0 ? end : near + 1, 0, row);
  return lines.join('\n');
}

/** Adds a changeset that releases the project for the first time. */
export function addChangeset(tree, path, name, sentence) {
  tree.write(path, `---\n'@latticra/${name}': minor\n---\n\n${sentence}\n`);
}
