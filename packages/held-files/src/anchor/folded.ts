// SPDX-License-Identifier: Apache-2.0

/**
 * Returns the same text for all names, and paths, that some file system takes for one. APFS and HFS+ fold case and composition; what
 * a case is differs between them and their versions, so that this folds as much as any: by Unicode's full case mappings.
 */
export function foldedName(name: string): string {
  // Letters differ in which of their cases they share: `ſ` and `s` have one capital, `ẞ` and `ß` one small letter. Capitals of
  // composed letters may be composed otherwise, or not at all.
  return name.normalize('NFD').toLowerCase().toUpperCase().normalize('NFD');
}
