// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Lists the files of this package that one of them loads, itself included; what is only a type is not loaded. */
function loadedFrom(file: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(file.pathname)) return seen;
  seen.add(file.pathname);
  const imports = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) (?!type\b)[^;']*? from '(\.[^']+)\.js'/gm,
  );
  for (const [, path] of imports) loadedFrom(new URL(`${path}.ts`, file), seen);
  return seen;
}

it('the entry for checks alone loads no writer', () => {
  const files = [...loadedFrom(new URL('index.ts', import.meta.url))];
  expect(files.some((path) => path.endsWith('/check/rules/references.ts'))).toBe(true);
  expect(files.filter((path) => /\/src\/(?:build|root|seed|component)\//.test(path))).toEqual([]);
});
