// SPDX-License-Identifier: Apache-2.0

/**
 * The claims that nothing in this project may raise. They are 0 in every document, whatever the input: a
 * person changes a readiness fixture after reviewing evidence, a tool never does. The literal type `0` makes
 * another value a compile error, and the formatter refuses it again at run time.
 */
export const READINESS_CLAIMS = {
  hardware_install_ready: 0,
  full_os_install_ready: 0,
  bootable_os_ready: 0,
  production_os_claim: 0,
} as const;

/** What a lane never allows itself or has done; 0 like the claims. */
export const WITHHELD_AUTHORITY = {
  usb_write_execution_allowed: 0,
  usb_write_executed: 0,
  qemu_execution_allowed_by_guard: 0,
} as const;

/** The name of a field that is always 0. */
export type ClaimKey = keyof typeof READINESS_CLAIMS | keyof typeof WITHHELD_AUTHORITY;

const CLAIM_KEYS: ReadonlySet<string> = new Set([
  ...Object.keys(READINESS_CLAIMS),
  ...Object.keys(WITHHELD_AUTHORITY),
]);

/** Returns whether a field of this name may only ever read 0. */
export function isClaimKey(key: string): key is ClaimKey {
  return CLAIM_KEYS.has(key);
}
