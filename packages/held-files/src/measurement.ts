// SPDX-License-Identifier: Apache-2.0
/** The result of measuring a file. */
export interface Measurement {
  readonly path: string;
  /** Length in bytes. */
  readonly size: number;
  /** SHA-256 as 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** SHA-1 as 40 lower-case hexadecimal digits, or '' when it was not asked for. */
  readonly sha1: string;
  /** SHA-512 as 128 lower-case hexadecimal digits, or '' when it was not asked for. */
  readonly sha512: string;
  /** The first bytes, as many as the file has up to {@link HEAD_BYTES}: enough to tell formats apart. */
  readonly head: Uint8Array;
}

/** The most bytes of a file's beginning that a measurement keeps: enough for an ISO's descriptor at 32 KiB. */
export const HEAD_BYTES = 64 * 1024;
