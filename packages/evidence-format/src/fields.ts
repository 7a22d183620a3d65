// SPDX-License-Identifier: Apache-2.0
import { type ClaimKey, isClaimKey } from './claims.js';
import type { Field } from './document.js';
import { EvidenceError } from './error.js';
import { quoteText } from './limits.js';

/** What a field may be given as: numbers must be whole, and are written in decimal. */
export type FieldValue = string | number | bigint;

/** Names to values in document order, a claim being nothing but 0. */
export type FieldValues = { readonly [key: string]: FieldValue } & { readonly [Claim in ClaimKey]?: 0 };

/**
 * Makes fields of an object's entries, in the order in which it lists them.
 * @throws EvidenceError `bad-value` for a fraction or an unsafe integer, `bad-key` for a key that is an array
 *   index (JavaScript would have moved it to the front), `forbidden-claim` for a claim that is not 0
 */
export function fields(values: FieldValues): Field[] {
  return Object.entries(values).map(([key, value]) => {
    // A digit first: of most keys nothing more is asked.
    if (key < ':' && /^(0|[1-9]\d*)$/.test(key)) {
      throw new EvidenceError('bad-key', `key ${key}: a bare number does not keep its place`, { key });
    }
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new EvidenceError('bad-value', `${key}: expected a whole number, found ${value}`, { key });
    }
    const field = { key, value: String(value) };
    assertNoClaim(field);
    return field;
  });
}

/** Refuses a claim with any other value than 0. @throws EvidenceError `forbidden-claim` */
export function assertNoClaim(field: Field, line?: number): void {
  if (isClaimKey(field.key) && field.value !== '0') {
    throw new EvidenceError(
      'forbidden-claim',
      `${field.key}: expected 0, found ${quoteText(field.value)}`,
      { key: field.key, ...(line === undefined ? {} : { line }) },
      { fix: 'no document may claim readiness; a person changes the fixture after review' },
    );
  }
}
