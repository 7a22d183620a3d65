// SPDX-License-Identifier: Apache-2.0
/** Attacks on the files that a run checks. */
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { MANIFEST } from '../manifest.js';
import { LOCK } from '../project.js';
import { hashListOf, manifestWith, PROJECT } from '../race-fixture.js';
import type { Scenario } from '../scenario.js';
import { HARD_LINKED, IS, REPLACED, TOUCHED } from './reasons.js';

const TWO = { 'd/f': 'the second f\n', 'd/g': 'the second g\n' };

export const SCOPE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a folder changes places with a link out',
    command: 'check',
    setUp: (fixture) => {
      symlinkSync('../outside/e', fixture.beside('x'));
      return { attack: ['exchange', fixture.at('d'), fixture.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('.'), ...REPLACED('d'), ...TOUCHED('d'), IS('d', 'a symbolic link')],
  },
  {
    name: 'a folder changes places with another',
    command: 'baseline',
    setUp: (fixture) => {
      fixture.write('beside', TWO);
      return {
        attack: ['exchange', fixture.at('d'), fixture.beside('d')],
        states: [PROJECT, { ...PROJECT, ...TWO }],
      };
    },
    permitted: [...TOUCHED('.'), ...REPLACED('d'), ...TOUCHED('d')],
  },
  {
    name: 'a folder comes and goes',
    command: 'check',
    setUp: (fixture) => {
      const { 'd/f': _f, 'd/g': _g, ...without } = PROJECT;
      return { attack: ['toggle', fixture.at('d'), fixture.beside('d')], states: [PROJECT, without] };
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
    setUp: (fixture) => {
      fixture.write('beside', TWO);
      return {
        attack: ['exchange', fixture.at('d/f'), fixture.beside('d/f')],
        states: [PROJECT, { ...PROJECT, 'd/f': TWO['d/f'] }],
      };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f')],
  },
  {
    name: 'a file changes places with one that is not what the lockfile says',
    command: 'verify',
    setUp: (fixture) => {
      fixture.write('beside', TWO);
      fixture.write('project', { [LOCK]: hashListOf(PROJECT) });
      return { attack: ['exchange', fixture.at('d/f'), fixture.beside('d/f')], states: [PROJECT] };
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
    setUp: (fixture) => {
      fixture.write('beside', { x: 'do-not-ship-this' });
      return { attack: ['exchange', fixture.at('d/f'), fixture.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), /^FAIL: d\/f: holds marker 1 of policy\.deny_contents$/],
  },
  {
    name: 'a file changes places with a link out',
    command: 'check',
    setUp: (fixture) => {
      symlinkSync('../../outside/secret', fixture.beside('x'));
      return { attack: ['exchange', fixture.at('d/f'), fixture.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), IS('d/f', 'a symbolic link')],
  },
  {
    name: 'a file changes places with another name of a file outside',
    command: 'check',
    setUp: (fixture) => {
      linkSync(fixture.outside('secret'), fixture.beside('x'));
      return { attack: ['exchange', fixture.at('d/f'), fixture.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), HARD_LINKED('d/f')],
  },
  {
    name: 'a file changes places with a FIFO that nobody writes to',
    command: 'check',
    setUp: (fixture) => {
      execFileSync('mkfifo', [fixture.beside('x')]);
      return { attack: ['exchange', fixture.at('d/f'), fixture.beside('x')], states: [PROJECT] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), IS('d/f', 'a FIFO')],
  },
  {
    name: 'a file changes places with a folder',
    command: 'check',
    setUp: (fixture) => {
      mkdirSync(fixture.beside('x'));
      const { 'd/f': _, ...without } = PROJECT;
      return { attack: ['exchange', fixture.at('d/f'), fixture.beside('x')], states: [PROJECT, without] };
    },
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), ...TOUCHED('d/f')],
  },
  {
    name: 'two files of a folder change places',
    command: 'baseline',
    setUp: (fixture) => ({
      attack: ['exchange', fixture.at('d/f'), fixture.at('d/g')],
      states: [PROJECT, { ...PROJECT, 'd/f': PROJECT['d/g'] ?? '', 'd/g': PROJECT['d/f'] ?? '' }],
    }),
    permitted: [...TOUCHED('d'), ...REPLACED('d/f'), ...REPLACED('d/g')],
  },
  {
    name: 'two files at the root change places',
    command: 'baseline',
    setUp: (fixture) => {
      const ab = { '.a': 'a\n', b: 'b\n' };
      fixture.write('project', ab);
      return {
        attack: ['exchange', fixture.at('.a'), fixture.at('b')],
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
    setUp: (fixture) => {
      const { 'd/f': f = '', 'd/g': g = '', ...others } = PROJECT;
      fixture.write('project', { 'e/f': TWO['d/f'], 'e/g': TWO['d/g'] });
      return {
        attack: ['exchange', fixture.at('d'), fixture.at('e')],
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
    setUp: (fixture) => {
      const other = manifestWith({ exclude: [...MANIFEST.exclude, 'd/'] });
      fixture.write('beside', { x: other });
      const { 'd/f': _f, 'd/g': _g, ...without } = PROJECT;
      return {
        attack: ['exchange', fixture.at('latticra.seal'), fixture.beside('x')],
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
      ['a link to one outside', (fixture) => symlinkSync('../outside/latticra.seal', fixture.beside('x'))],
      [
        'another name of one outside',
        (fixture) => linkSync(fixture.outside('latticra.seal'), fixture.beside('x')),
      ],
    ] as const satisfies [string, (fixture: Parameters<Scenario['setUp']>[0]) => void][]
  ).map(
    ([what, make]): Scenario => ({
      name: `the manifest changes places with ${what}`,
      command: 'check',
      setUp: (fixture) => {
        make(fixture);
        return { attack: ['exchange', fixture.at('latticra.seal'), fixture.beside('x')], states: [PROJECT] };
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
    setUp: (fixture) => {
      const other = { ...PROJECT, ...TWO };
      fixture.write('beside/root', other);
      fixture.addRoot(fixture.beside('root'));
      return { attack: ['exchange', fixture.root, fixture.beside('root')], states: [PROJECT, other] };
    },
    permitted: [
      ...TOUCHED('.'),
      /^FAIL: .*: is no longer where it was(; let .*)?$/,
      /^refused \(cannot-create\): .*is no longer where it was$/,
    ],
  },
];
