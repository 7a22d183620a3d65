// SPDX-License-Identifier: Apache-2.0

/** A recovery path may also be the address of a runbook; such a one is recorded, and nothing is fetched. */
export function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(path);
}
