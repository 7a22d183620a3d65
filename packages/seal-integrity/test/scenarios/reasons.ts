// SPDX-License-Identifier: Apache-2.0
/** Reasons for which a run may not vouch for a path that was attacked. */

const quoted = (path: string) => path.replaceAll('.', '\\.');
/** Matches a path, what is said of it, and maybe what to do about it. */
const reason = (path: string, text: string) =>
  new RegExp(`^(FAIL|refused \\((data|cannot-create)\\)): ${quoted(path)}: ${text}(; .*)?$`);

/** Returns the reasons where something came or went in the folder, or was renamed in it. */
export const TOUCHED = (path: string): RegExp[] => [
  reason(path, 'changed while it was being read \\((mtimeNs|ctimeNs) moved\\)'),
  reason(path, 'was changed or moved while its files were read'),
];

/** Returns the reasons where what was seen there is gone, or was renamed meanwhile. */
export const REPLACED = (path: string): RegExp[] => [
  reason(path, 'was replaced after it had been looked at( \\(E[A-Z]+\\))?'),
  reason(path, 'changed while it was being read \\((mtimeNs|ctimeNs) moved\\)'),
  reason(path, 'is no longer where it was'),
];

/** Matches the reason that says what was put there. */
export const IS = (path: string, what: string): RegExp =>
  reason(path, `is ${what}, expected a (regular file( or a folder)?|folder)`);

export const HARD_LINKED = (path: string): RegExp =>
  reason(path, 'has 2 names \\(hard links\\), expected one');
