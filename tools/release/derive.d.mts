// SPDX-License-Identifier: Apache-2.0
/** A package that has to be released, and those of which it carries code. */
export interface DerivedRelease {
  readonly name: string;
  readonly carries: readonly string[];
}

interface ReadChangeset {
  readonly id: string;
  readonly releases: readonly { readonly name: string; readonly type: string }[];
}

export function derivedReleases(
  released: readonly string[],
  carried: ReadonlyMap<string, ReadonlySet<string>>,
): DerivedRelease[];
export function refusals(
  changesets: readonly ReadChangeset[],
  ignored: readonly string[],
  carried: ReadonlyMap<string, ReadonlySet<string>>,
): string[];
