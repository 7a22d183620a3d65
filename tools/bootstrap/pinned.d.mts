// SPDX-License-Identifier: Apache-2.0
export interface PinnedPnpm {
  readonly version: string;
  /** Of its archive, in hexadecimal. */
  readonly sha512: string;
}

export function parsePackageManager(text: string | undefined): PinnedPnpm;
export function pinnedPnpm(
  pinned: PinnedPnpm,
  folder: string,
  fetch?: (what: string, folder: string) => void,
): string;
