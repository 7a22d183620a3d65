// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Paths in the tables are from here, or from the root of the repository. */
const HERE = 'packages/seal-integrity/src/';
const fileAt = (path: string) => `${ROOT}${/^(apps|packages)\//.test(path) ? '' : HERE}${path}`;

const [, tables = ''] = readFileSync(`${ROOT}docs/seal.md`, 'utf8').split('<!-- promise -->');
const rows = tables
  .split('\n')
  .filter((line) => /^\| (?!promise |--- )/.test(line))
  .map((line) => {
    const [promise = '', code = '', proof = ''] = line.slice(2, -2).split(' | ');
    const proofs = proof.split('<br>').map((text) => /^`([^`]+)`: (.+)$/.exec(text)?.slice(1, 3) ?? []);
    return { promise, code: code.replaceAll('`', ''), proofs };
  });

/** The titles that a file's suites and tests are given: text in a call, before a function. */
const TITLES = /(?:\(|\],)\s*(['"`])((?:\\.|(?!\1).)+)\1,\s*(?:async\s*)?(?:\(|\w+ =>)/gs;

function titlesIn(path: string): string[] {
  return [...readFileSync(fileAt(path), 'utf8').matchAll(TITLES)].map(([, , title = '']) =>
    title.replaceAll('\\', ''),
  );
}

describe('docs/seal.md', () => {
  it('docs/seal.md says of each sentence of the promise what keeps it', () => {
    expect(rows.length).toBeGreaterThan(65);
    expect(new Set(rows.map(({ promise }) => promise)).size).toBe(rows.length);
  });

  it.each(rows)('the promise "$promise" is kept by tests that exist', ({ code, proofs }) => {
    expect(existsSync(fileAt(code)), code).toBe(true);
    expect(proofs.length).toBeGreaterThan(0);
    for (const [file = '', title = ''] of proofs) expect(titlesIn(file), file).toContain(title);
  });
});
