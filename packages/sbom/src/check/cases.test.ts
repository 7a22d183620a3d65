// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkSbom } from './check.js';

/**
 * One document a file. `…_ok` conforms; `<clause>-<why>_advice` conforms, and gets advice under that clause alone; `<clause>-<why>_fail` breaks exactly that clause, and the check has to name
 * that one and no other.
 */
const CASES = new URL('../../test/cases/', import.meta.url);
const names = readdirSync(CASES).sort();

describe.each(names)('%s', (name) => {
  const check = checkSbom(readFileSync(new URL(name, CASES)));
  const [, clause, kind] = /^([^-]+)-.*_(fail|advice)\./.exec(name) ?? [];

  if (clause === undefined) {
    it('the document conforms without advice', () => {
      expect(name).toContain('_ok.');
      expect(check.findings).toEqual([]);
      expect(check.document?.SPDXID).toBe('SPDXRef-DOCUMENT');
    });
  } else if (kind === 'advice') {
    it(`the document conforms, with advice under clause ${clause}`, () => {
      expect(check.document?.SPDXID).toBe('SPDXRef-DOCUMENT');
      expect(new Set(check.findings.map((finding) => `${finding.level} ${finding.clause}`))).toEqual(
        new Set([`advice ${clause}`]),
      );
    });
  } else {
    it(`the document breaks clause ${clause} and no other`, () => {
      expect(check.valid).toBe(false);
      expect(check.document).toBeUndefined();
      expect(new Set(check.findings.map((finding) => finding.clause))).toEqual(new Set([clause]));
      for (const { level, pointer, message } of check.findings) {
        expect(level).toBe('error');
        expect(pointer).toMatch(/^(?:\/|$)/);
        expect(message).toMatch(/^[^\n]+$/);
      }
    });
  }
});

it('every clause that decides has a broken document among the cases', () => {
  const clauses = new Set(names.filter((name) => name.includes('_fail.')).map((name) => name.split('-')[0]));
  for (const clause of [
    '6.2',
    '6.3',
    '6.5',
    '6.8',
    '6.9',
    '7.2',
    '7.8',
    '7.9',
    '7.10',
    '7.14',
    '8.1',
    '8.2',
    '8.4',
    '11.1',
  ]) {
    expect(clauses).toContain(clause);
  }
});
