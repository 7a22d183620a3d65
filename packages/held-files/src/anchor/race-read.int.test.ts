// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { buildAttacker, playRounds, tellCalibration } from '../../../../tools/testing/attacker.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { testFolder } from '../../test/folder.js';
import { describeRaces, INSIDE, type RaceCase } from '../../test/race.js';
import { inFolder, layFolder, listAndRead, read } from '../../test/race-rounds.js';

const CASES: readonly RaceCase[] = [
  {
    name: 'a folder changes places with a link out',
    setUp: ({ held, at }) => {
      layFolder(at('d'));
      symlinkSync('../outside/e', at('x'));
      return {
        attack: ['exchange', at('d'), at('x')],
        round: () => inFolder(held.openFolder('d'), listAndRead),
      };
    },
    permitted: ['inside', 'not-folder', 'changed'],
  },
  {
    name: 'a folder changes places with a folder outside, after it was seen',
    setUp: ({ held, at, outside }) => {
      layFolder(at('d'));
      const seen = held.lstat('d');
      return {
        attack: ['exchange', at('d'), outside('e')],
        round: () => inFolder(held.openFolder('d', seen), listAndRead),
      };
    },
    permitted: ['inside', 'changed'],
  },
  {
    name: 'a folder changes places with another inside',
    setUp: ({ held, at }) => {
      layFolder(at('d'));
      layFolder(at('other'));
      return {
        attack: ['exchange', at('d'), at('other')],
        round: () => inFolder(held.openFolder('d'), listAndRead),
      };
    },
    permitted: ['inside', 'changed'],
  },
  {
    name: 'a folder comes and goes',
    setUp: ({ held, at }) => {
      layFolder(at('d'));
      return {
        attack: ['toggle', at('d'), at('x')],
        round: () => inFolder(held.openFolder('d'), listAndRead),
      };
    },
    permitted: ['inside', 'not-found', 'changed'],
  },
  {
    name: 'the folder above a held one changes places with a link out',
    setUp: ({ held, at }) => {
      layFolder(at('d/e'));
      symlinkSync('../outside', at('x'));
      const above = held.openFolder('d');
      const e = above.openFolder('e');
      above.close();
      return {
        attack: ['exchange', at('d'), at('x')],
        // In between to the root: whoever is there already does not have to find the way.
        round: () => (held.lstat('f') === undefined ? listAndRead(e) : 'OUTSIDE'),
        end: () => e.close(),
      };
    },
    permitted: ['inside', 'changed'],
  },
  {
    name: 'a file changes places with a link out',
    setUp: ({ held, at }) => {
      writeFileSync(at('f'), INSIDE);
      symlinkSync('../outside/f', at('x'));
      return { attack: ['exchange', at('f'), at('x')], round: () => read(held) };
    },
    permitted: ['inside', 'not-regular', 'changed'],
  },
  {
    name: 'a file changes places with a file outside, after it was seen',
    setUp: ({ held, at, outside }) => {
      writeFileSync(at('f'), INSIDE);
      const seen = held.lstat('f');
      return { attack: ['exchange', at('f'), outside('e/f')], round: () => read(held, seen) };
    },
    permitted: ['inside', 'changed'],
  },
  {
    name: 'a file changes places with another name of a file outside',
    setUp: ({ held, at, outside }) => {
      writeFileSync(at('f'), INSIDE);
      linkSync(outside('e/f'), at('x'));
      return { attack: ['exchange', at('f'), at('x')], round: () => read(held) };
    },
    permitted: ['inside', 'hard-linked', 'changed'],
  },
  {
    name: 'a file changes places with a FIFO that nobody writes to',
    setUp: ({ held, at }) => {
      writeFileSync(at('f'), INSIDE);
      execFileSync('mkfifo', [at('x')]);
      return { attack: ['exchange', at('f'), at('x')], round: () => read(held) };
    },
    permitted: ['inside', 'not-regular', 'changed'],
  },
  {
    name: 'a file changes places with a folder',
    setUp: ({ held, at }) => {
      writeFileSync(at('f'), INSIDE);
      mkdirSync(at('x'));
      return { attack: ['exchange', at('f'), at('x')], round: () => read(held) };
    },
    permitted: ['inside', 'not-regular', 'changed'],
  },
  {
    name: 'a file is replaced by a new one',
    setUp: ({ held, at }) => {
      writeFileSync(at('f'), '');
      return {
        attack: ['replace', at('x'), at('f')],
        round: () => (held.lstat('f')?.nlink === 0n ? 'NAMELESS' : read(held) && 'read'),
      };
    },
    // Never hard-linked: one that lost its only name meanwhile has none, and not several.
    permitted: ['read', 'changed'],
  },
  {
    name: 'a name changes while its folder is listed',
    setUp: ({ held, at }) => {
      const others = Array.from({ length: 200 }, (_, index) => `n${index}`);
      for (const name of ['a', ...others]) writeFileSync(at(name), '');
      return {
        attack: ['toggle', at('a'), at('z')],
        round: () => {
          const names = new Set([...held.list().names].map(String));
          const isWhole =
            names.size === 201 &&
            names.has('a') !== names.has('z') &&
            others.every((name) => names.has(name));
          return isWhole ? 'whole' : 'LOST';
        },
      };
    },
    permitted: ['whole', 'changed'],
  },
];

describeRaces('reading', CASES);

describe('the attacker', () => {
  const attacker = buildAttacker();
  const folder = testFolder();

  itWith(
    ['cc'],
    'the attacker tells how often it wins against code that looks at a path and then opens it',
    async () => {
      writeFileSync(folder.at('f'), INSIDE);
      writeFileSync(folder.at('other'), 'OUTSIDE');
      symlinkSync('other', folder.at('x'));
      const round = () => {
        if (!lstatSync(folder.at('f')).isFile()) return 'not-regular';
        return readFileSync(folder.at('f'), 'utf8') === INSIDE ? 'inside' : 'OUTSIDE';
      };
      const tally = await playRounds(attacker(), ['exchange', folder.at('f'), folder.at('x')], round, 500);
      tellCalibration('look at a path, then open it', tally, 'OUTSIDE');
      // It is there, and does what it is for. Whether it wins is a matter of who gets a processor when.
      expect(['inside', 'not-regular', 'OUTSIDE']).toEqual(expect.arrayContaining([...tally.keys()]));
    },
  );
});
