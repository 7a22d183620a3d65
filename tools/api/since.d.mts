// SPDX-License-Identifier: Apache-2.0

export function undeclaredSince(
  root: string,
  reports: readonly { readonly name: string; readonly folder: string; readonly report: string }[],
  since?: string,
): { readonly unknown: string | undefined; readonly problems: readonly string[] };
