// SPDX-License-Identifier: Apache-2.0

/** Orders names as their UTF-8 bytes, like `LC_ALL=C sort`. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
