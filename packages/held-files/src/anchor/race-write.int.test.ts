// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describeRaces, type RaceCase } from '../../test/race.js';
import { inFolder, layLink, write } from '../../test/race-rounds.js';

const CASES: readonly RaceCase[] = [
  {
    name: 'the folder changes places with a link out',
    setUp: ({ held, at }) => {
      mkdirSync(at('d'));
      symlinkSync('../outside', at('x'));
      return { attack: ['exchange', at('d'), at('x')], round: () => inFolder(held.openFolder('d'), write) };
    },
    permitted: ['published', 'not-folder', 'changed'],
  },
  {
    name: 'the folder changes places with one outside, after it was seen',
    setUp: ({ held, at, outside }) => {
      mkdirSync(at('d'));
      mkdirSync(outside('g'));
      const seen = held.lstat('d');
      return {
        attack: ['exchange', at('d'), outside('g')],
        round: () => inFolder(held.openFolder('d', seen), write),
      };
    },
    permitted: ['published', 'changed'],
  },
  {
    name: 'the folder, held all along, changes places with a link out',
    setUp: ({ held, at }) => {
      mkdirSync(at('d'));
      symlinkSync('../outside', at('x'));
      const d = held.openFolder('d');
      return {
        attack: ['exchange', at('d'), at('x')],
        round: () => (held.lstat('r') === undefined ? write(d) : 'OUTSIDE'),
        end: () => d.close(),
      };
    },
    permitted: ['published', 'changed'],
  },
  {
    name: 'the target changes places with a link out',
    setUp: ({ held, at }) => ({
      attack: ['exchange', at('r'), at('x')],
      round: () => {
        // Both may be links by now, or neither.
        writeFileSync(at('fresh'), '');
        renameSync(at('fresh'), at('r'));
        layLink('../outside/f', at('x'));
        return write(held);
      },
    }),
    permitted: ['published', 'not-regular', 'changed'],
  },
  {
    name: 'the temporary file changes places with a link out',
    setUp: ({ held, at }) => ({
      attack: ['hunt', at('.'), '.r.', 'x'],
      round: () => {
        for (const name of readdirSync(at('.'))) rmSync(at(name));
        symlinkSync('../outside/f', at('x'));
        return write(held);
      },
    }),
    permitted: ['published', 'changed'],
  },
  {
    name: 'a file changes places with a link out while it is removed',
    setUp: ({ held, at }) => ({
      attack: ['exchange', at('f'), at('x')],
      round: () => {
        writeFileSync(at('fresh'), '');
        renameSync(at('fresh'), at('f'));
        layLink('../outside/f', at('x'));
        return held.remove('f') ? 'removed' : 'nothing';
      },
    }),
    permitted: ['removed', 'nothing', 'not-regular'],
  },
  {
    name: 'a file is replaced by a new one while it is removed',
    setUp: ({ held, at }) => ({
      attack: ['replace', at('x'), at('f')],
      round: () => (held.remove('f') ? 'removed' : 'nothing'),
    }),
    permitted: ['removed', 'nothing'],
  },
  {
    name: 'the target is replaced by a new one',
    setUp: ({ held, at }) => ({ attack: ['replace', at('x'), at('r')], round: () => write(held) }),
    permitted: ['published', 'changed'],
  },
];

describeRaces('writing', CASES);
