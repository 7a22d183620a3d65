// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bumpsOf, raisedBy, removedLines, undeclared } from './breaking.mjs';
import { declare, formatReport, inOneOrder, librariesIn } from './report.mjs';

let root: string;
const lay = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  skipLibCheck: true,
  noLib: true,
};

function report(): string {
  const [library] = librariesIn(root);
  if (library === undefined) return expect.fail('no library');
  return formatReport(
    library,
    declare(
      library.entries.map(({ file }) => file),
      OPTIONS,
    ),
    root,
  );
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-api-'));
  const source = (path: string) => ({ '@latticra/source': path, default: './dist/x.js' });
  lay(
    'packages/thing/package.json',
    JSON.stringify({
      name: '@x/thing',
      exports: { '.': source('./src/index.ts'), './more': source('./src/more.ts') },
    }),
  );
  lay(
    'packages/thing/src/index.ts',
    "export { build } from './build.js';\nexport type { Plan as ThePlan } from './plan.js';\n",
  );
  lay('packages/thing/src/more.ts', "export { build } from './build.js';\n");
  lay(
    'packages/thing/src/build.ts',
    "import type { Plan } from './plan.js';\n/** Builds. */\nexport function build(plan: Plan, count = 1): string {\n  return plan.name + count;\n}\n",
  );
  lay(
    'packages/thing/src/plan.ts',
    'interface Base {\n  /** A name. */\n  readonly name: string;\n}\nexport interface Plan extends Base {\n  readonly parts: readonly Part[];\n}\ninterface Part {\n  readonly size: number;\n}\ninterface Unused {\n  readonly x: 1;\n}\n',
  );
});
afterAll(() => rmSync(root, { recursive: true }));

it('a report has every name with its declaration, and what that is made of, without comments', () => {
  expect(report()).toBe(`# API of @x/thing

Written by \`pnpm api\`; CI holds it to the sources, and a change of it to a changeset.

## @x/thing

\`\`\`ts
// Plan as ThePlan
interface Plan extends Base {
    readonly parts: readonly Part[];
}

function build(plan: Plan, count?: number): string;
\`\`\`

## @x/thing/more

\`\`\`ts
export { build } from '@x/thing';
\`\`\`

## What these are made of

\`\`\`ts
interface Base {
    readonly name: string;
}

interface Part {
    readonly size: number;
}
\`\`\`
`);
});

it('what lies behind a name changes the report though nobody outside can name it', () => {
  const before = report();
  const path = 'packages/thing/src/plan.ts';
  lay(
    path,
    'export interface Plan {\n  readonly name: string;\n  readonly parts: readonly Part[];\n}\ninterface Part {\n  readonly size: bigint;\n}\n',
  );
  expect(removedLines(before, report())).toContain('    readonly size: number;');
});

it('lines that are only added break nobody, and moved ones neither', () => {
  expect(removedLines('a\nb\n\n', 'b\nc\na\n')).toEqual([]);
  expect(removedLines('a\na\nb', 'a\nb')).toEqual(['a']);
});

it('the order in which the compiler tells the texts of an inferred type is no change of it', () => {
  const line = (union: string) => `const record: import("x").Field<"kind", ${union}>;`;
  const [one, other] = [line('"exit" | "signal" | "a b"'), line('"signal" | "a b" | "exit"')];
  expect(inOneOrder(one)).toBe(line('"a b" | "exit" | "signal"'));
  expect(inOneOrder(other)).toBe(inOneOrder(one));
  expect(removedLines(one, other)).toEqual([]);
  expect(removedLines(one, line('"exit" | "signal"'))).toHaveLength(1);
  // What somebody wrote down stays as it is written.
  expect(inOneOrder('type Kind = "b" | "a";')).toBe('type Kind = "b" | "a";');
});

it('the largest bump of a package counts, whoever says it', () => {
  const bumps = bumpsOf([
    "---\n'@x/a': patch\n'@x/b': minor\n---\n\nText.\n",
    '---\n"@x/a": minor\nlatticra: patch\n---\n',
    'no head',
  ]);
  expect([...bumps]).toEqual([
    ['@x/a', 'minor'],
    ['@x/b', 'minor'],
    ['latticra', 'patch'],
  ]);
});

it.each([
  ['0.3.0', undefined, true],
  ['0.3.0', 'patch', true],
  ['0.3.0', 'minor', false],
  ['1.2.0', 'minor', true],
  ['1.2.0', 'major', false],
])('a break of version %s that is called %s is refused: %s', (version, bump, isRefused) => {
  const change = { name: '@x/a', version, before: 'old\n', after: 'new\n', bump };
  expect(undeclared(change) !== undefined).toBe(isRefused);
});

it.each([
  ['0.3.0', undefined, true],
  ['0.3.0', 'patch', false],
  ['1.2.0', 'patch', true],
  ['1.2.0', 'minor', false],
])('what is only added to version %s and called %s is refused: %s', (version, bump, isRefused) => {
  const change = { name: '@x/a', version, before: 'old\n', after: 'old\nnew\n', bump };
  expect(undeclared(change) !== undefined).toBe(isRefused);
});

it('a report that is as it was needs no word, and one whose lines only moved neither', () => {
  const change = { name: '@x/a', version: '1.0.0', before: 'a\nb\n', after: 'b\na\n' };
  expect(undeclared(change)).toBeUndefined();
});

it('a version that was raised says what was done, and one that fell says nothing', () => {
  const rises = [
    ['0.1.0', '0.1.1'],
    ['0.1.9', '0.2.0'],
    ['0.9.0', '1.0.0'],
    ['1.2.3', '1.2.3'],
    ['1.2.3', '1.1.9'],
  ] as const;
  expect(rises.map(([before, after]) => raisedBy(before, after))).toEqual([
    'patch',
    'minor',
    'major',
    'none',
    'none',
  ]);
});
