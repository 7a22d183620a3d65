// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { promisedOutput } from './run.js';

describe('promisedOutput', () => {
  it('the promised output stands beside and right behind what prints', () => {
    const text = `// not this
console.log(a); // one
call('x'); // nor this
console.log(
  b,
  c,
); // two … three
// four

// nor that
  console.error('d');
  // five, …
`;
    expect(promisedOutput({ file: '', line: 1, language: 'ts', text })).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
  });
});
