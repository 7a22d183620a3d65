// SPDX-License-Identifier: Apache-2.0

/** What is known of the licence of a package. */
export interface DeclaredLicence {
  /** An SPDX licence expression; undefined where none is sure. */
  readonly expression: string | undefined;
  /** The texts of the `LicenseRef-` in it. */
  readonly texts: readonly ExtractedLicence[];
  /** Where it is from and how far it goes, or why there is none. */
  readonly comment: string;
}

/** A licence that has no identifier of SPDX, by its text (SPDX 2.3 clause 10). */
export interface ExtractedLicence {
  /** `LicenseRef-…` */
  readonly id: string;
  /** What its source calls it. */
  readonly name: string;
  readonly text: string;
}

/** A package as the database of its package manager has it. */
export interface SystemPackage {
  readonly manager: 'dpkg' | 'apk';
  readonly name: string;
  readonly version: string;
  /** `amd64`, `all`, `x86_64` */
  readonly architecture: string;
  /** The package that it was built from; its own name and version where the database says no other. */
  readonly source: { readonly name: string; readonly version: string };
  /** As the database has it, a name and mostly an address; undefined where it has none. */
  readonly maintainer: string | undefined;
  readonly homepage: string | undefined;
  /** The licence as the database itself has it; undefined where it has none, as dpkg's. */
  readonly licence: string | undefined;
  /** What a reader should know of how it is installed; undefined for one that is installed plainly. */
  readonly note: string | undefined;
  /** Path of the database in the root. */
  readonly database: string;
}
