// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BootEnd, describeEnd, parseEnd } from './index.js';

const line = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
const ends: fc.Arbitrary<BootEnd> = fc.oneof(
  fc.nat(255).map((code) => ({ kind: 'exit', code }) as const),
  fc.nat(255).map((code) => ({ kind: 'exit', code, shutdown: 'guest-reset' }) as const),
  fc.constantFrom('SIGKILL', 'SIGSEGV').map((signal) => ({ kind: 'signal', signal }) as const),
  line.map((text) => ({ kind: 'stopped', line: text }) as const),
  fc.nat(3_600_000).map((timeoutMs) => ({ kind: 'timeout', timeoutMs }) as const),
  fc.nat().map((limitBytes) => ({ kind: 'flood', limitBytes }) as const),
);

describe('the end of a run', () => {
  it('the end of a run is read back from its description', () => {
    fc.assert(
      fc.property(ends, (end) => {
        expect(parseEnd(describeEnd(end))).toEqual(end);
      }),
    );
  });

  it.each([
    'was stopped',
    'ended with exit code',
    'ended with exit code 033',
    'ended with exit code 33 and more',
    'did not end within a s',
    'did not end within 1e3 s',
    'it ended with exit code 33',
    '',
  ])('the end of a run is not read from %j', (text) => {
    expect(parseEnd(text)).toBeUndefined();
  });
});
