// SPDX-License-Identifier: Apache-2.0

import type { Problem } from './error.js';
import type { ByteString } from './name.js';
import { type PaxOverrides, readPax } from './pax.js';

/** What stands ahead of a member about it. */
export interface Extensions {
  /** A pax header, type `x`. */
  readonly pax?: PaxOverrides;
  /** GNU's long name, type `L`. */
  readonly longName?: ByteString;
  /** GNU's long link target, type `K`. */
  readonly longLink?: ByteString;
}

/** The header types that are no members, but about the member behind them, or all of those (`g`). */
const KINDS: Readonly<Record<string, 'pax' | 'longName' | 'longLink' | 'global'>> = {
  x: 'pax',
  L: 'longName',
  K: 'longLink',
  g: 'global',
};

/** Tells whether headers of this type are about members, and none themselves. */
export function isExtension(type: string): boolean {
  return Object.hasOwn(KINDS, type);
}

/** Cuts off the NULs at the end. A pattern would take a time that grows with the square of those inside. */
function withoutNuls(body: Uint8Array): Uint8Array {
  let end = body.length;
  while (end > 0 && body[end - 1] === 0) end--;
  return body.subarray(0, end);
}

/**
 * Returns the extensions with one more, given its type and content.
 * @returns what is wrong with it, in words, where something is
 */
export function extend(given: Extensions, type: string, body: Uint8Array): Extensions | Problem | string {
  const kind = KINDS[type];
  if (kind === 'longName' || kind === 'longLink') {
    if (given[kind] !== undefined) return 'is the second of its kind for one member';
    return { ...given, [kind]: Buffer.from(withoutNuls(body)).toString('latin1') };
  }
  const pax = readPax(body, kind === 'global');
  if (typeof pax === 'string' || 'reason' in pax) return pax;
  if (kind === 'global') return given;
  return given.pax === undefined ? { ...given, pax } : 'is the second of its kind for one member';
}
