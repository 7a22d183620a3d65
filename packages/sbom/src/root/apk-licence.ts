// SPDX-License-Identifier: Apache-2.0
import { parseExpression } from '../spdx/expression.js';
import { extractedLicence } from './extracted.js';
import { isSpdxException, spdxLicenceId } from './licence-names.js';
import type { DeclaredLicence } from './package.js';

/** A word of an expression that is no licence. */
const OPERATOR = /^(?:AND|OR|WITH)$/;

/**
 * Reads the licence field of an apk database: an SPDX expression of identifiers on the SPDX list, in any case, and
 * nothing else. Older fields are words apart by blanks, which say neither `AND` nor `OR`, and names that are on no list:
 * such a field is a licence of its own, with the field as its text.
 */
export function readApkLicence(field: string | undefined, database: string): DeclaredLicence {
  if (field === undefined || field.trim() === '') {
    return { expression: undefined, texts: [], comment: `${database} names no licence` };
  }
  const expression = spdxExpression(field.trim());
  if (expression !== undefined) return { expression, texts: [], comment: `from ${database}` };
  const text = extractedLicence(field, field);
  return {
    expression: text.id,
    texts: [text],
    comment: `from ${database}, whose field is no expression of SPDX licences: kept as it is`,
  };
}

/** Returns a field with the identifiers as the list spells them; undefined where it is no expression of such. */
function spdxExpression(field: string): string | undefined {
  if (parseExpression(field).problem !== undefined) return undefined;
  let isKnown = true;
  let afterWith = false;
  const written = field.replace(/[^\s()]+/g, (word) => {
    const isException = afterWith;
    afterWith = word === 'WITH';
    if (isException && !isSpdxException(word)) isKnown = false;
    if (OPERATOR.test(word) || isException) return word;
    const plus = word.endsWith('+') && spdxLicenceId(word) === undefined ? '+' : '';
    const id = spdxLicenceId(plus === '' ? word : word.slice(0, -1));
    if (id === undefined) isKnown = false;
    return `${id ?? word}${id === undefined ? '' : plus}`;
  });
  return isKnown ? written.replace(/\s+/g, ' ') : undefined;
}
