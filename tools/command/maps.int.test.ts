// SPDX-License-Identifier: Apache-2.0
import { SourceMap } from 'node:module';
import { transform } from 'esbuild';
import { expect, it } from 'vitest';
import { joinMaps, type Part } from './maps.js';

/** Lists what each line and column of a generated file comes from. */
function places(map: string, code: string): string[] {
  const payload = JSON.parse(map);
  // Node reads a name behind the last segment of all.
  const found = new SourceMap({ ...payload, mappings: `${payload.mappings};` });
  return code.split('\n').flatMap((line, at) =>
    [...line].map((_, column) => {
      const entry = found.findEntry(at, column) as Partial<SourceMapping>;
      return `${entry.originalSource} ${entry.originalLine} ${entry.originalColumn} ${entry.name ?? ''}`;
    }),
  );
}
type SourceMapping = { originalSource: string; originalLine: number; originalColumn: number; name: string };

it('the map of joined files leads from each place to where the map of its own file does', async () => {
  const sources = [
    'export function first(alpha) {\n\n  return alpha + 1;\n}\n',
    'const b = "text";\nexport const second = (beta) => [beta,\n  b];\n',
    '',
    'export class Third { one(gamma) { return gamma.one; } }\n',
  ];
  const parts: Part[] = [];
  const lines = ['"use strict";'];
  const alone: string[] = [];
  for (const [at, source] of sources.entries()) {
    const options = { sourcefile: `${at}.ts`, minify: true, sourcemap: 'external' } as const;
    const { code, map } = await transform(source, options);
    lines.push('// between');
    parts.push({ line: lines.length, map: JSON.parse(map) });
    lines.push(...code.trimEnd().split('\n'));
    alone.push(...places(map, code.trimEnd()));
  }
  const joined = joinMaps(parts);
  const code = lines.map((line) => (line === '// between' || line.startsWith('"use') ? '' : line)).join('\n');
  expect(places(joined, code)).toEqual(alone);
  expect(alone.filter((place) => place.includes('gamma')).length).toBeGreaterThan(0);
});
