// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';

/**
 * Makes the id of an element from what it is about: small letters, digits, `_` and `-` alone. A name with anything else is told by its
 * digest.
 */
export function idOf(kind: string, name: string): string {
  return /^[a-z0-9][a-z0-9_-]{0,79}$/.test(name)
    ? `${kind}-${name}`
    : `${kind}-${hash('sha256', name).slice(0, 16)}`;
}
