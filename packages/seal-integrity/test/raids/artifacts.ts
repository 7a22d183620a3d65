// SPDX-License-Identifier: Apache-2.0
/** Attacks on what is written. */
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import type { SealCommand } from '../../src/index.js';
import { type Arena, hashListOf, PROJECT, putFile, putLink } from '../arena.js';
import { HASHES, LOCK, REPORT } from '../project.js';
import type { Raid, Siege } from '../raid.js';
import { HARD_LINKED, IS, REPLACED, TOUCHED } from './reasons.js';

/** What an attacker may write there itself: a canonical list, and a report, of nothing that there is. */
export const FORGED_LIST = `${'f'.repeat(64)}  forged\n`;
export const FORGED_REPORT = 'LATTICRA SEAL REPORT\nstatus=PASS\n';

/** Why an artifact that is attacked cannot be written, read or removed. */
const ATTACKED = (path: string) => [
  ...REPLACED(path),
  HARD_LINKED(path),
  IS(path, 'a symbolic link'),
  new RegExp(
    `^(FAIL|refused \\(cannot-create\\)): ${path}: was replaced as soon as it was in its place(; .*)?$`,
  ),
  new RegExp(
    `^(FAIL|refused \\(cannot-create\\)): ${path}: its temporary file was written, linked or replaced by .*$`,
  ),
];

/** In place of the folder of the reports. */
const FOLDERS: Raid[] = [
  {
    name: 'the report folder changes places with a link out',
    command: 'baseline',
    lay: (arena) => {
      symlinkSync('../outside/reports', arena.beside('x'));
      return { attack: ['exchange', arena.at('reports'), arena.beside('x')], states: [PROJECT] };
    },
    permitted: [
      ...REPLACED('reports'),
      ...TOUCHED('reports'),
      ...TOUCHED('.'),
      IS('reports', 'a symbolic link'),
    ],
  },
  {
    name: 'the report folder changes places with another',
    command: 'baseline',
    lay: (arena) => {
      mkdirSync(arena.beside('x'), { mode: 0o755 });
      arena.addReports(arena.beside('x'));
      return { attack: ['exchange', arena.at('reports'), arena.beside('x')], states: [PROJECT] };
    },
    permitted: [...REPLACED('reports'), ...TOUCHED('reports'), ...TOUCHED('.')],
  },
  {
    name: 'the report folder changes places with a folder outside that others may write to',
    command: 'check',
    lay: (arena) => {
      mkdirSync(arena.beside('x'), { mode: 0o755 });
      arena.lay('beside', { 'x/kept': 'kept' });
      arena.open(arena.beside('x'));
      return {
        attack: ['exchange', arena.at('reports'), arena.beside('x')],
        states: [PROJECT, { ...PROJECT, 'reports/kept': 'kept' }],
      };
    },
    permitted: [
      ...REPLACED('reports'),
      ...TOUCHED('reports'),
      ...TOUCHED('.'),
      /^refused \(cannot-create\): reports: its group or everybody may write in it \(0777\)$/,
    ],
  },
];

/** What takes the place of an artifact. */
const INTRUDERS: [string, (arena: Arena, path: string) => { prepare: () => void; planted: string[] }][] = [
  [
    'a link out',
    (arena) => ({
      prepare: () => putLink(arena.outside('reports/latticra-seal-cli-hashes.txt'), arena.beside('x')),
      planted: [],
    }),
  ],
  [
    'another name of a file outside',
    (arena) => ({
      prepare: () => {
        arena.remove(arena.beside('x'));
        linkSync(arena.outside('secret'), arena.beside('x'));
      },
      planted: [],
    }),
  ],
  [
    'a forged one',
    (arena, path) => {
      const forged = path === REPORT ? FORGED_REPORT : FORGED_LIST;
      return { prepare: () => putFile(forged, arena.beside('x')), planted: [forged] };
    },
  ],
];

const TARGETS: [string, string, SealCommand][] = [
  ['the report', REPORT, 'check'],
  ['the hash list', HASHES, 'baseline'],
  ['the lockfile', LOCK, 'baseline'],
];

const ARTIFACTS = TARGETS.flatMap(([what, path, command]) =>
  INTRUDERS.map(
    ([intruder, make]): Raid => ({
      name: `${what} changes places with ${intruder}`,
      command,
      lay: (arena) => {
        const { prepare, planted } = make(arena, path);
        return {
          attack: ['exchange', arena.at(path), arena.beside('x')],
          states: [PROJECT],
          planted: { [path]: ['', ...planted] },
          prepare: () => {
            prepare();
            // Something to be exchanged from the first step on.
            putFile('', arena.at(path));
          },
        };
      },
      permitted: [
        ...ATTACKED(path),
        ...TOUCHED('reports'),
        ...TOUCHED('.'),
        new RegExp(`^refused \\(cannot-create\\): ${path}: is no regular file of one name$`),
      ],
    }),
  ),
);

const TEMPORARIES = TARGETS.flatMap(([what, path, command]) =>
  INTRUDERS.map(
    ([intruder, make]): Raid => ({
      name: `the temporary file of ${what} changes places with ${intruder}`,
      command,
      lay: (arena) => {
        const { prepare, planted } = make(arena, path);
        const [folder, file] = path.startsWith('reports/') ? ['reports', path.slice(8)] : ['.', path];
        return {
          attack: ['hunt', arena.at(folder), `.${file}.`, arena.beside('x')],
          states: [PROJECT],
          planted: { [path]: planted },
          prepare: () => {
            arena.clearTemporaries();
            prepare();
          },
        };
      },
      permitted: [
        ...ATTACKED(path),
        ...TOUCHED('reports'),
        ...TOUCHED('.'),
        new RegExp(`^(FAIL|refused \\(cannot-create\\)): ${path}: no such file or folder \\(ENOENT\\)$`),
      ],
    }),
  ),
);

/** The lockfile that is compared with. In its place lies one of other files; the attacker's would fit. */
const BASELINES: Raid[] = [
  ...(
    [
      [
        'a link to a fitting one outside',
        (arena) => symlinkSync('../outside/fitting', arena.beside('x')),
        false,
      ],
      [
        'another name of a fitting one outside',
        (arena) => linkSync(arena.outside('fitting'), arena.beside('x')),
        false,
      ],
      ['a fitting one', (arena) => arena.lay('beside', { x: hashListOf(PROJECT) }), true],
    ] as const satisfies [string, (arena: Arena) => void, boolean][]
  ).map(
    ([what, make, mayPass]): Raid => ({
      name: `the lockfile that is compared with changes places with ${what}`,
      command: 'verify',
      lay: (arena): Siege => {
        arena.lay('outside', { fitting: hashListOf(PROJECT) });
        make(arena);
        arena.lay('project', { [LOCK]: hashListOf({ ...PROJECT, 'd/f': 'older\n' }) });
        return { attack: ['exchange', arena.at(LOCK), arena.beside('x')], states: mayPass ? [PROJECT] : [] };
      },
      permitted: [
        ...ATTACKED(LOCK),
        ...TOUCHED('.'),
        /^FAIL: latticra\.seal\.lock: one file is not what it says; .*$/,
      ],
    }),
  ),
];

export const ARTIFACT_RAIDS: readonly Raid[] = [...FOLDERS, ...ARTIFACTS, ...TEMPORARIES, ...BASELINES];
