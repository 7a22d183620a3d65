// SPDX-License-Identifier: Apache-2.0
import { closeSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describeRaces, INSIDE, type RaceCase, type RaceFixture } from '../../test/race.js';
import { layFolder } from '../../test/race-rounds.js';
import { fileBelow } from './index.js';

/** Makes a round that opens a file that has to lie below the folder, and says where it lay. */
function opening({ held, at }: RaceFixture, path: string): () => string {
  const file = fileBelow(at('.'), path, { anchoring: held.anchoring });
  return () => {
    const { fd } = file.open();
    try {
      return readFileSync(fd, 'utf8') === INSIDE ? 'inside' : 'OUTSIDE';
    } finally {
      closeSync(fd);
    }
  };
}

const CASES: readonly RaceCase[] = [
  {
    name: 'a folder on the way changes places with a link out',
    setUp: (fixture) => {
      const { at } = fixture;
      layFolder(at('d'));
      symlinkSync('../outside/e', at('x'));
      return { attack: ['exchange', at('d'), at('x')], round: opening(fixture, 'd/f') };
    },
    permitted: ['inside', 'outside', 'changed'],
  },
  {
    name: 'a folder on the way changes places with a folder outside',
    setUp: (fixture) => {
      const { at, outside } = fixture;
      layFolder(at('d/e'));
      // The same file goes out and comes in again: it is inside whenever its folder was found there.
      layFolder(outside('own'));
      return { attack: ['exchange', at('d/e'), outside('own')], round: opening(fixture, 'd/e/f') };
    },
    permitted: ['inside', 'changed'],
  },
  {
    name: 'a link inside changes places with a link out',
    setUp: (fixture) => {
      const { at } = fixture;
      layFolder(at('d'));
      symlinkSync('d', at('l'));
      symlinkSync('../outside/e', at('x'));
      return { attack: ['exchange', at('l'), at('x')], round: opening(fixture, 'l/f') };
    },
    permitted: ['inside', 'outside', 'changed'],
  },
  {
    name: 'a link inside changes places with a folder',
    setUp: (fixture) => {
      const { at } = fixture;
      layFolder(at('d'));
      layFolder(at('e'));
      symlinkSync('d', at('l'));
      return { attack: ['exchange', at('l'), at('e')], round: opening(fixture, 'l/f') };
    },
    permitted: ['inside', 'changed'],
  },
  {
    name: 'a folder on the way comes and goes',
    setUp: (fixture) => {
      const { at } = fixture;
      layFolder(at('d'));
      return { attack: ['toggle', at('d'), at('x')], round: opening(fixture, 'd/f') };
    },
    permitted: ['inside', 'not-found', 'changed'],
  },
  {
    name: 'the file changes places with a link out',
    setUp: (fixture) => {
      const { at } = fixture;
      writeFileSync(at('f'), INSIDE);
      symlinkSync('../outside/f', at('x'));
      return { attack: ['exchange', at('f'), at('x')], round: opening(fixture, 'f') };
    },
    permitted: ['inside', 'outside', 'changed'],
  },
];

describeRaces('opening below', CASES);
