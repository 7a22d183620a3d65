// SPDX-License-Identifier: Apache-2.0
import type { FileType, PackagePurpose, RelationshipType } from '../spdx/vocabulary.js';

/** A file that was measured. */
export interface SbomFile {
  /** Its identifier without `SPDXRef-`: letters, digits, `.`, `-`; unique in the document, packages included. */
  readonly id: string;
  /** Name relative to the root of its package, starting with `./`. */
  readonly name: string;
  /** Lower-case hexadecimal. */
  readonly sha1: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** In bytes; SPDX 2.3 has no field for it, so it goes into the comment. */
  readonly size: number;
  readonly types: readonly FileType[];
  /** The licence expression that stands in the file itself; left out where none does. */
  readonly licence?: string;
  readonly copyright?: string;
  readonly comment?: string;
}

/** A package, with its files where they were looked at one by one. */
export interface SbomPackage {
  /** Its identifier without `SPDXRef-`, see {@link SbomFile.id}. */
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  /** The name of the file that the package is (clause 7.4). */
  readonly fileName?: string;
  readonly purpose?: PackagePurpose;
  /** `Person: …` or `Organization: …`. */
  readonly supplier?: string;
  /** The licence expression that its authors declare; left out where none is known. */
  readonly declaredLicence?: string;
  /** Where the declared licence was found and how far it goes, or why none is known (clause 7.16). */
  readonly licenceComment?: string;
  readonly copyright?: string;
  readonly homepage?: string;
  /** How it is known that the package is there (clause 7.12). */
  readonly sourceInfo?: string;
  /** Where it comes from; left out where that is not known. */
  readonly downloadLocation?: string;
  /** Package URL, `pkg:…`. */
  readonly purl?: string;
  /** SHA256 of the package as one file, in lower-case hexadecimal. */
  readonly sha256?: string;
  /** Its files, all of them. Left out: the files were not analyzed. */
  readonly files?: readonly SbomFile[];
  /** Names of files that are in the package and not in its verification code, such as this document itself. */
  readonly excludedFiles?: readonly string[];
  readonly comment?: string;
}

/** A statement about two elements, by their identifiers without `SPDXRef-`. */
export interface SbomRelationship {
  readonly from: string;
  readonly type: RelationshipType;
  /** Left out where nobody knows whether there are more: NOASSERTION (SPDX 2.3, 11.1). */
  readonly to?: string;
  readonly comment?: string;
}

/** A licence that SPDX has no identifier for, by its text (clause 10). */
export interface SbomLicence {
  /** `LicenseRef-` and letters, digits, `.`, `-` */
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Everything that a document says. The same input gives the same bytes. */
export interface SbomInput {
  /** Name of the document; also the readable part of its namespace. */
  readonly name: string;
  /** `YYYY-MM-DDThh:mm:ssZ`, see `formatCreated`. */
  readonly created: string;
  /** The program that makes the document. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly comment?: string;
  /** Identifiers, without `SPDXRef-`, of what the document is about. */
  readonly describes: readonly string[];
  readonly packages: readonly SbomPackage[];
  /** The texts of every `LicenseRef-` in the document, each once. */
  readonly licences?: readonly SbomLicence[];
  /** What is to be said besides DESCRIBES, and CONTAINS between a package and its files. */
  readonly relationships?: readonly SbomRelationship[];
}
