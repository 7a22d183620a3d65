// SPDX-License-Identifier: Apache-2.0
/** The licences that an expression names, or why it is no expression. */
export type ParsedExpression =
  | { readonly licences: readonly string[]; readonly problem?: undefined }
  | { readonly problem: string };

const LICENCE =
  /^(?:(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+|(?!LicenseRef-|DocumentRef-)[A-Za-z0-9][A-Za-z0-9.-]*\+?)$/;
const EXCEPTION = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;
const OPERATORS: ReadonlySet<string> = new Set(['AND', 'OR', 'WITH']);
/** What stands for itself in a field, and in no expression. */
const NO_LICENCES: ReadonlySet<string> = new Set([...OPERATORS, 'NONE', 'NOASSERTION']);

/**
 * Reads an SPDX licence expression (SPDX 2.3 annex D): licence identifiers, `LicenseRef-…`, `+`, `WITH`, `AND`,
 * `OR` and parentheses; the operators are upper-case. It is the syntax that is judged: whether an identifier
 * is on the licence list depends on the list's version, which grows several times a year.
 *
 * One pass with two facts to remember (what may come next, how many parentheses are open), so that no input
 * can make it recurse.
 */
export function parseExpression(text: string): ParsedExpression {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  const licences: string[] = [];
  let open = 0;
  let expect: 'licence' | 'exception' | 'operator' = 'licence';
  let afterLicence = false;
  for (const token of tokens) {
    const mayTakeException = afterLicence;
    afterLicence = false;
    if (expect === 'operator') {
      if (token === ')' && open > 0) {
        open -= 1;
      } else if (token === 'AND' || token === 'OR') {
        expect = 'licence';
      } else if (token === 'WITH' && mayTakeException) {
        expect = 'exception';
      } else {
        return { problem: `unexpected ${JSON.stringify(token)}` };
      }
    } else if (expect === 'exception') {
      if (!EXCEPTION.test(token) || OPERATORS.has(token)) {
        return { problem: `${JSON.stringify(token)} is no licence exception` };
      }
      expect = 'operator';
    } else if (token === '(') {
      open += 1;
    } else if (!LICENCE.test(token) || NO_LICENCES.has(token)) {
      return { problem: `${JSON.stringify(token)} is no licence identifier` };
    } else {
      licences.push(token);
      expect = 'operator';
      afterLicence = true;
    }
  }
  if (expect !== 'operator')
    return { problem: `it ends where a licence ${expect === 'exception' ? 'exception ' : ''}is due` };
  return open > 0 ? { problem: 'a parenthesis is left open' } : { licences };
}
