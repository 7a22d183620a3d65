// SPDX-License-Identifier: Apache-2.0
/** Attacks on what is to be checked. */
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { hashListOf, manifestWith, PROJECT } from '../arena.js';
import { MANIFEST } from '../manifest.js';
import { LOCK } from '../project.js';
import type { Raid } from '../raid.js';
import { HARD_LINKED, IS, REPLACED, TOUCHED } from './reasons.js';

const TWO = { 'd/f': 'the second f\n', 'd/g': 'the second g\n' };

export const SCOPE_RAIDS: readonly Raid[] = [
  {
    name: 'a folder changes places with a link out',
    command: 'check',
    lay: (arena) => {
      symlinkSync('../outside/e', arena.beside('x'));
      return { attack: ['exchange', arena.at('d'), arena.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('.'), ...REPLACED('d'), ...TOUCHED('d'), IS('d', 'a symbolic link')],
  },
  {
    name: 'a folder changes places with another',
    command: 'baseline',
    lay: (arena) => {
      arena.lay('beside', TWO);
      return {
        attack: ['exchange', arena.at('d'), arena.beside('d')],
        states: [PROJECT, { ...PROJECT, ...TWO }],
      };
    },
    permitted: [...TOUCHED('.'), ...REPLACED('d'), ...TOUCHED('d')],
  },
  {
    name: 'a folder comes and goes',
    command: 'check',
    lay: (arena) => {
      const { 'd/f': _f, 'd/g': _g, ...without } = PROJECT;
      return { attack: ['toggle', arena.at('d'), arena.beside('d')], states: [PROJECT, without] };
    },
    permitted: [
      ...TOUCHED('.'),
      ...REPLACED('d'),
      ...TOUCHED('d'),
      /^FAIL: d: was removed while its folder was walked$/,
    ],
  },
  {
    name: 'a file changes places with another',
    command: 'baseline',
    lay: (arena) => {
      arena.lay('beside', TWO);
      return {
        attack: ['exchange', arena.at('d/f'), arena.beside('d/f')],
        states: [PROJECT, { ...PROJECT, 'd/f': TWO['d/f'] }],
      };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f')],
  },
  {
    name: 'a file changes places with one that is not what the lockfile says',
    command: 'verify',
    lay: (arena) => {
      arena.lay('beside', TWO);
      arena.lay('project', { [LOCK]: hashListOf(PROJECT) });
      return { attack: ['exchange', arena.at('d/f'), arena.beside('d/f')], states: [PROJECT] };
    },
    permitted: [
      ...TOUCHED('d'),
      ...REPLACED('d/f'),
      /^FAIL: latticra\.seal\.lock: (one file is|2 files are) not what it says; .*$/,
    ],
  },
  {
    name: 'a file changes places with one that is denied',
    command: 'check',
    lay: (arena) => {
      arena.lay('beside', { x: 'do-not-ship-this' });
      return { attack: ['exchange', arena.at('d/f'), arena.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), /^FAIL: d\/f: holds marker 1 of policy\.deny_contents$/],
  },
  {
    name: 'a file changes places with a link out',
    command: 'check',
    lay: (arena) => {
      symlinkSync('../../outside/secret', arena.beside('x'));
      return { attack: ['exchange', arena.at('d/f'), arena.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), IS('d/f', 'a symbolic link')],
  },
  {
    name: 'a file changes places with another name of a file outside',
    command: 'check',
    lay: (arena) => {
      linkSync(arena.outside('secret'), arena.beside('x'));
      return { attack: ['exchange', arena.at('d/f'), arena.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), HARD_LINKED('d/f')],
  },
  {
    name: 'a file changes places with a FIFO that nobody writes to',
    command: 'check',
    lay: (arena) => {
      execFileSync('mkfifo', [arena.beside('x')]);
      return { attack: ['exchange', arena.at('d/f'), arena.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), IS('d/f', 'a FIFO')],
  },
  {
    name: 'a file changes places with a folder',
    command: 'check',
    lay: (arena) => {
      mkdirSync(arena.beside('x'));
      const { 'd/f': _, ...without } = PROJECT;
      return { attack: ['exchange', arena.at('d/f'), arena.beside('x')], states: [PROJECT, without] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), ...TOUCHED('d/f')],
  },
  {
    name: 'two files of a folder change places',
    command: 'baseline',
    lay: (arena) => ({
      attack: ['exchange', arena.at('d/f'), arena.at('d/g')],
      states: [PROJECT, { ...PROJECT, 'd/f': PROJECT['d/g'] ?? '', 'd/g': PROJECT['d/f'] ?? '' }],
    }),
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), ...REPLACED('d/g')],
  },
  {
    name: 'two files at the root change places',
    command: 'baseline',
    lay: (arena) => {
      const ab = { '.a': 'a\n', b: 'b\n' };
      arena.lay('project', ab);
      return {
        attack: ['exchange', arena.at('.a'), arena.at('b')],
        states: [
          { ...PROJECT, ...ab },
          { ...PROJECT, '.a': ab.b, b: ab['.a'] },
        ],
      };
    },
    permitted: [...TOUCHED('.'), ...REPLACED('.a'), ...REPLACED('b')],
  },
  {
    name: 'two folders at the root change places',
    command: 'baseline',
    lay: (arena) => {
      const { 'd/f': f = '', 'd/g': g = '', ...others } = PROJECT;
      arena.lay('project', { 'e/f': TWO['d/f'], 'e/g': TWO['d/g'] });
      return {
        attack: ['exchange', arena.at('d'), arena.at('e')],
        states: [
          { ...PROJECT, 'e/f': TWO['d/f'], 'e/g': TWO['d/g'] },
          { ...others, ...TWO, 'e/f': f, 'e/g': g },
        ],
      };
    },
    permitted: [...TOUCHED('.'), ...REPLACED('d'), ...TOUCHED('d'), ...REPLACED('e'), ...TOUCHED('e')],
  },
  {
    name: 'the manifest changes places with another',
    command: 'baseline',
    lay: (arena) => {
      const other = manifestWith({ exclude: [...MANIFEST.exclude, 'd/'] });
      arena.lay('beside', { x: other });
      const { 'd/f': _f, 'd/g': _g, ...without } = PROJECT;
      return {
        attack: ['exchange', arena.at('latticra.seal'), arena.beside('x')],
        states: [PROJECT, { ...without, 'latticra.seal': other }],
      };
    },
    permitted: [
      ...TOUCHED('.'),
      ...REPLACED('latticra.seal'),
      /^FAIL: latticra\.seal: was replaced after it had been read$/,
    ],
  },
  ...(
    [
      ['a link to one outside', (arena) => symlinkSync('../outside/latticra.seal', arena.beside('x'))],
      ['another name of one outside', (arena) => linkSync(arena.outside('latticra.seal'), arena.beside('x'))],
    ] as const satisfies [string, (arena: Parameters<Raid['lay']>[0]) => void][]
  ).map(
    ([what, make]): Raid => ({
      name: `the manifest changes places with ${what}`,
      command: 'check',
      lay: (arena) => {
        make(arena);
        return { attack: ['exchange', arena.at('latticra.seal'), arena.beside('x')], states: [PROJECT] };
      },
      permitted: [
        ...TOUCHED('.'),
        ...REPLACED('latticra.seal'),
        IS('latticra.seal', 'a symbolic link'),
        HARD_LINKED('latticra.seal'),
        /^FAIL: latticra\.seal: was replaced after it had been read$/,
        /^FAIL: latticra\.seal: is required, but is no regular file of one name in the scope; add it, or /,
      ],
    }),
  ),
  {
    name: 'the root changes places with another project',
    command: 'baseline',
    lay: (arena) => {
      const other = { ...PROJECT, ...TWO };
      arena.lay('beside/root', other);
      arena.addRoot(arena.beside('root'));
      return { attack: ['exchange', arena.root, arena.beside('root')], states: [PROJECT, other] };
    },
    permitted: [
      ...TOUCHED('.'),
      /^FAIL: .*: is no longer where it was(; let .*)?$/,
      /^refused \(cannot-create\): .*is no longer where it was$/,
    ],
  },
];
