// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSbom } from './check.js';
import { MAX_DEPTH, MAX_SBOM_BYTES, parseJson } from './json.js';
import type { Finding, Report } from './model/finding.js';

function parse(input: string | Uint8Array): { value: unknown; findings: Finding[] } {
  const findings: Finding[] = [];
  const report: Report = (clause, { pointer }, message, level = 'error') =>
    findings.push({ level, clause, pointer, message });
  return { value: parseJson(input, report)?.value, findings };
}

describe('parseJson', () => {
  it('parseJson reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parse(text)).toEqual({ value: JSON.parse(text), findings: [] });
        expect(parse(Buffer.from(JSON.stringify(JSON.parse(text), null, 2)))).toEqual({
          value: JSON.parse(text),
          findings: [],
        });
      }),
      { numRuns: 100 },
    );
  });

  it('a doubled name is reported with its place, also past escapes and in lists', () => {
    expect(parse('{"a/b~":[0,{"x":"\\"{,","x":1}]}').findings).toEqual([
      {
        level: 'error',
        clause: 'JSON',
        pointer: '/a~1b~0/1',
        message: 'the name "x" stands twice in one object',
      },
    ]);
    expect(parse('{"x":{"x":1},"y":["x","x"],"z":"x"}').findings).toEqual([]);
  });

  it('a control character of a name is kept off the line', () => {
    expect(parse('{"a\\nb":{"\\u001b":1,"\\u001b":2}}').findings[0]).toEqual({
      level: 'error',
      clause: 'JSON',
      pointer: '/a\\nb',
      message: 'the name "\\u001b" stands twice in one object',
    });
  });

  it('the depth and the size of a document are bounded', () => {
    expect(parse('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH)).findings).toEqual([]);
    expect(parse('['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1)).findings[0]?.message).toContain(
      'deep',
    );
    expect(parse('['.repeat(1_000_000)).findings).toHaveLength(1);
    expect(parse(new Uint8Array(MAX_SBOM_BYTES + 1)).findings[0]?.message).toContain('at most');
  });

  it('a namespace of any length is judged', () => {
    const check = (namespace: string) =>
      checkSbom(JSON.stringify({ documentNamespace: namespace })).findings.filter(
        ({ clause }) => clause === '6.5',
      );
    expect(check(`https://a/${'b%20'.repeat(4 << 20)}`)).toEqual([]);
    expect(check(`https://a/${'b'.repeat(16 << 20)}%2`)).toHaveLength(1);
  });
});
