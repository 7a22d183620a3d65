// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { circlesIn } from './circles.js';
import { packsOf } from './packs.js';
import type { Piece } from './piece.js';

/** Makes a piece of so many bytes. */
function piece(name: string, size: number, more: Partial<Record<'imports' | 'late', string[]>> = {}): Piece {
  const many = (names: readonly string[] = []) => names.map((each) => `./${each}.js`);
  return {
    specifier: `./${name}.js`,
    code: 'x'.repeat(size),
    map: '{}',
    imports: many(more.imports),
    late: many(more.late),
    builtins: [],
    helpers: [],
    exports: [],
    isOurs: true,
  };
}

/** Lists what is in each file, its entry first. */
function filesOf(pieces: readonly Piece[], entries = ['./main.js']) {
  return Object.fromEntries(
    packsOf(pieces, entries).map(({ file, entry, pieces: held }) => [
      file,
      [...(entry === undefined ? [] : [entry]), ...held].map(({ specifier }) => specifier.slice(2, -3)),
    ]),
  );
}

it('what an entry imports is in its file, unless it is large or of elsewhere', () => {
  const pieces = [
    piece('main', 10, { imports: ['near', 'large', 'elsewhere'] }),
    piece('near', 10_000, { imports: ['far'] }),
    piece('far', 10_000),
    piece('large', 50_000),
    { ...piece('elsewhere', 10), isOurs: false },
  ];
  expect(filesOf(pieces)).toEqual({
    'main.cjs': ['main', 'near', 'far'],
    'large.cjs': ['large'],
    'elsewhere.cjs': ['elsewhere'],
  });
});

it('what is loaded late is in a file of its own, and what most of those use is in that of the command', () => {
  const lanes = ['a', 'b', 'c'];
  const pieces = [
    piece('main', 10, { late: lanes }),
    ...lanes.map((name) => piece(name, 10, { imports: ['usual', `${name}-own`] })),
    ...lanes.map((name) => piece(`${name}-own`, 10)),
    piece('usual', 1000),
  ];
  expect(filesOf(pieces)).toEqual({
    'main.cjs': ['main', 'usual'],
    'a.cjs': ['a', 'a-own'],
    'b.cjs': ['b', 'b-own'],
    'c.cjs': ['c', 'c-own'],
  });
});

it('what some use alike is in one file, and what many may use is not with the only one that is likely to', () => {
  const lanes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const pieces = [
    piece('main', 10, { late: lanes }),
    ...lanes.map((name) => piece(name, 10, { imports: name < 'c' ? ['x', 'y'] : ['way'] })),
    piece('x', 10),
    piece('y', 10),
    piece('way', 50_000, { imports: ['rare'] }),
    piece('likely', 10, { imports: ['rare'] }),
    piece('rare', 10),
  ];
  const files = filesOf(pieces, ['./main.js', './likely.js']);
  expect(files).toMatchObject({ 'x.cjs': ['x', 'y'], 'rare.cjs': ['rare'], 'likely.cjs': ['likely'] });
  expect(Object.values(files).flat().sort()).toEqual(
    pieces.map(({ specifier }) => specifier.slice(2, -3)).sort(),
  );
});

it('circlesIn finds the nodes of a circle, and not what only leads to one', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b', 'd']],
    ['d', []],
    ['e', ['e']],
  ]);
  expect([...circlesIn(graph)]).toEqual(['b', 'c', 'e']);
});
