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
    map: { sources: [], names: [], mappings: '' },
    imports: many(more.imports),
    late: many(more.late),
    builtins: [],
    helpers: [],
    exports: [],
    isOurs: true,
    sources: [],
  };
}

/** Lists what is in each file, its entry first. @param atStart names of what runs when a command starts; all unless given */
function filesOf(pieces: readonly Piece[], entries = ['./main.js'], atStart?: readonly string[]) {
  const runs = ({ specifier }: Piece) => atStart?.includes(specifier.slice(2, -3)) !== false;
  return Object.fromEntries(
    packsOf(pieces, entries, runs).map(({ file, entry, pieces: held }) => [
      file,
      [...(entry === undefined ? [] : [entry]), ...held].map(({ specifier }) => specifier.slice(2, -3)),
    ]),
  );
}

it('what runs at start is in the file of its entry, and the rest in another, unless it is large or of elsewhere', () => {
  const pieces = [
    piece('main', 10, { imports: ['near', 'large', 'elsewhere', 'first'] }),
    piece('near', 10_000, { imports: ['far'] }),
    piece('far', 10_000),
    piece('large', 50_000),
    piece('first', 60_000, { imports: ['second'] }),
    piece('second', 60_000),
    { ...piece('elsewhere', 10), isOurs: false },
  ];
  expect(filesOf(pieces, undefined, ['first', 'second'])).toEqual({
    'main.cjs': ['main', 'first', 'second'],
    'main-more.cjs': ['near', 'far'],
    'large.cjs': ['large'],
    'elsewhere.cjs': ['elsewhere'],
  });
});

it('what does not run at start of a unit of which something does is in one file', () => {
  const of = (name: string, imports: string[] = []) => ({
    ...piece(name, 30_000, { imports }),
    sources: [`packages/lane/src/${name}.ts`],
  });
  const pieces = [piece('main', 10, { imports: ['run'] }), of('run', ['help', 'man']), of('help'), of('man')];
  expect(filesOf(pieces, undefined, ['run'])).toEqual({
    'main.cjs': ['main', 'run'],
    'help.cjs': ['help', 'man'],
  });
  expect(filesOf(pieces, undefined, [])).toEqual({
    'main.cjs': ['main'],
    'main-more.cjs': ['run'],
    'help.cjs': ['help'],
    'man.cjs': ['man'],
  });
});

it('what is loaded late is in a file of its own, and what most of those use is in that of the command', () => {
  const lanes = ['a', 'b', 'c'];
  const pieces = [
    piece('main', 10, { late: lanes }),
    ...lanes.map((name) => piece(name, 600, { imports: ['usual', `${name}-own`] })),
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
    piece('main', 10, { late: [...lanes, 'likely'] }),
    ...lanes.map((name) => piece(name, 600, { imports: name < 'c' ? ['x', 'y'] : ['large'] })),
    piece('x', 6_000),
    piece('y', 10),
    piece('large', 50_000, { imports: ['rare'] }),
    piece('likely', 600, { imports: ['rare', 'own'] }),
    piece('own', 6_000),
    piece('rare', 6_000),
  ];
  const files = filesOf(pieces, undefined, []);
  expect(files).toMatchObject({
    'x.cjs': ['x', 'y'],
    'rare.cjs': ['rare'],
    'likely.cjs': ['likely'],
    'likely-more.cjs': ['own'],
  });
  expect(Object.values(files).flat().sort()).toEqual(
    pieces.map(({ specifier }) => specifier.slice(2, -3)).sort(),
  );
});

it('a little that several use lies with the one that uses the least', () => {
  const pieces = [
    piece('main', 10, { late: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }),
    piece('a', 600, { imports: ['x', 'a-own'] }),
    piece('a-own', 10),
    piece('b', 600, { imports: ['x'] }),
    ...['c', 'd', 'e', 'f', 'g'].map((name) => piece(name, 600)),
    piece('x', 10),
  ];
  expect(filesOf(pieces, undefined, [])).toMatchObject({ 'a-more.cjs': ['a-own'], 'b-more.cjs': ['x'] });
  // To open a file takes longer than to read so little.
  expect(filesOf(pieces)).toMatchObject({ 'main.cjs': ['main', 'x'], 'a.cjs': ['a', 'a-own'] });
});

it('what two programs use is in the file of neither that runs when it is loaded', () => {
  const pieces = [
    piece('main', 10, { imports: ['x', 'own'], late: ['a'] }),
    piece('helper', 10, { imports: ['x', 'y'] }),
    piece('a', 600, { imports: ['y'] }),
    ...['x', 'y', 'own'].map((name) => piece(name, 6_000)),
  ];
  const entries = ['./main.js', './helper.js'];
  expect(filesOf(pieces, entries)).toEqual({
    'main.cjs': ['main', 'own'],
    'helper.cjs': ['helper'],
    'a.cjs': ['a'],
    'x.cjs': ['x'],
    'y.cjs': ['y'],
  });
  const lending = pieces.map((each) =>
    each.specifier === './main.js' ? { ...each, exports: ['main'] } : each,
  );
  expect(filesOf(lending, entries)).toMatchObject({ 'main.cjs': ['main', 'x', 'y', 'own'] });
});

it('what is loaded late and tiny lies with the command, unless another entry would run that', () => {
  const pieces = [
    piece('main', 10, { late: ['tiny', 'small'] }),
    piece('tiny', 100, { imports: ['x'] }),
    piece('small', 1_000),
    piece('x', 6_000),
    piece('helper', 10, { late: ['tiny'] }),
  ];
  expect(filesOf(pieces.slice(0, 4), undefined, [])).toEqual({
    'main.cjs': ['main', 'tiny'],
    'small.cjs': ['small'],
    'tiny-more.cjs': ['x'],
  });
  expect(filesOf(pieces, ['./main.js', './helper.js'], [])).toMatchObject({ 'tiny.cjs': ['tiny'] });
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

it('what one lane does not run when it starts lies with the one that does, and not with the other', () => {
  const pieces = [
    piece('main', 10, { late: ['a', 'b'] }),
    piece('a', 600, { imports: ['both', 'only'] }),
    piece('b', 600, { imports: ['both', 'only'] }),
    piece('both', 600),
    piece('only', 600),
  ];
  const runs = ({ specifier }: Piece, starting?: Piece) =>
    specifier !== './only.js' || starting?.specifier === './b.js';
  const files = Object.fromEntries(
    packsOf(pieces, ['./main.js'], runs).map(({ file, pieces: held }) => [
      file,
      held.map(({ specifier }) => specifier.slice(2, -3)),
    ]),
  );
  expect(files['b.cjs']).toContain('only');
  expect(files['a.cjs']).not.toContain('only');
});

it('what is loaded late lies with the command that loads it when it starts, as is known of that alone', () => {
  const of = (app: string) => [
    { ...piece('main', 10, { late: ['help'] }), sources: [`apps/${app}/src/main.ts`] },
    piece('help', 10, { imports: ['text'] }),
    { ...piece('text', 3000), sources: ['packages/lane/src/help.ts'] },
  ];
  const filesIn = (app: string) => packsOf(of(app), ['./main.js']).map(({ file }) => file);
  expect(filesIn('boot-seed-qemu-smoke')).toEqual(['main.cjs']);
  expect(filesIn('os-image-build')).toContain('help.cjs');
});
