// SPDX-License-Identifier: Apache-2.0
export function parseAddress(text: string): string;
export function withAddress<Manifest extends object>(
  manifest: Manifest,
  folder: string,
  address: string | undefined,
): Manifest;
