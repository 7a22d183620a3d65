// SPDX-License-Identifier: Apache-2.0

/** A file, and the digest of its content. */
export interface HashEntry {
  /** The path from the root, with `/` between names. */
  readonly path: string;
  /** SHA-256 as 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}
