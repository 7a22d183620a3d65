// SPDX-License-Identifier: Apache-2.0

/** A file and what is in it. */
export interface HashEntry {
  /** From the root, with `/` between names. */
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}
