// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Paths in the table are from here, or from the root of the repository. */
const HERE = 'packages/seal-integrity/src/';
const fileAt = (path: string) => `${ROOT}${/^(apps|packages)\//.test(path) ? '' : HERE}${path}`;

const [, table = ''] = readFileSync(`${ROOT}docs/seal.md`, 'utf8').split('<!-- promise -->');
const rows = table
  .trim()
  .split('\n')
  .slice(2)
  .map((line) => {
    const [, promise = '', code = '', proof = ''] = line.split('|').map((cell) => cell.trim());
    const [, testFile = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(proof) ?? [];
    return { promise, code: code.replaceAll('`', ''), testFile, title };
  });

describe('docs/seal.md', () => {
  it('says of each sentence of the promise what keeps it', () => {
    expect(rows.length).toBeGreaterThan(45);
    expect(new Set(rows.map(({ promise }) => promise)).size).toBe(rows.length);
  });

  it.each(rows)('$promise', ({ code, testFile, title }) => {
    expect(existsSync(fileAt(code)), code).toBe(true);
    // As it stands in the test, in quotes of whichever kind.
    expect(title).not.toBe('');
    expect(readFileSync(fileAt(testFile), 'utf8'), testFile).toContain(title);
  });
});
