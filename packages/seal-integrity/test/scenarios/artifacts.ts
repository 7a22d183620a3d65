// SPDX-License-Identifier: Apache-2.0
/** Attacks on the artifacts that a run writes. */
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import type { SealCommand } from '../../src/index.js';
import { HASHES, LOCK, REPORT } from '../project.js';
import { hashListOf, PROJECT, putFile, putLink, type RaceFixture } from '../race-fixture.js';
import type { RaceSetup, Scenario } from '../scenario.js';
import { HARD_LINKED, IS, REPLACED, TOUCHED } from './reasons.js';

/** Artifacts that an attacker may write: a canonical list, and a report, of nothing that there is. */
export const FORGED_LIST = `${'f'.repeat(64)}  forged\n`;
export const FORGED_REPORT = 'LATTICRA SEAL REPORT\nstatus=PASS\n';

/** Returns the reasons why an artifact that is attacked cannot be written, read or removed. */
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

/** Attacks that replace the folder of the reports. */
const FOLDERS: Scenario[] = [
  {
    name: 'the report folder changes places with a link out',
    command: 'baseline',
    setUp: (fixture) => {
      symlinkSync('../outside/reports', fixture.beside('x'));
      return { attack: ['exchange', fixture.at('reports'), fixture.beside('x')], states: [PROJECT] };
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
    setUp: (fixture) => {
      mkdirSync(fixture.beside('x'), { mode: 0o755 });
      fixture.addReports(fixture.beside('x'));
      return { attack: ['exchange', fixture.at('reports'), fixture.beside('x')], states: [PROJECT] };
    },
    permitted: [...REPLACED('reports'), ...TOUCHED('reports'), ...TOUCHED('.')],
  },
  {
    name: 'the report folder changes places with a folder outside that others may write to',
    command: 'check',
    setUp: (fixture) => {
      mkdirSync(fixture.beside('x'), { mode: 0o755 });
      fixture.write('beside', { 'x/kept': 'kept' });
      fixture.open(fixture.beside('x'));
      return {
        attack: ['exchange', fixture.at('reports'), fixture.beside('x')],
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

/** Things that take the place of an artifact. */
const SUBSTITUTES: [
  string,
  (fixture: RaceFixture, path: string) => { prepare: () => void; planted: string[] },
][] = [
  [
    'a link out',
    (fixture) => ({
      prepare: () => putLink(fixture.outside('reports/latticra-seal-cli-hashes.txt'), fixture.beside('x')),
      planted: [],
    }),
  ],
  [
    'another name of a file outside',
    (fixture) => ({
      prepare: () => {
        fixture.remove(fixture.beside('x'));
        linkSync(fixture.outside('secret'), fixture.beside('x'));
      },
      planted: [],
    }),
  ],
  [
    'a forged one',
    (fixture, path) => {
      const forged = path === REPORT ? FORGED_REPORT : FORGED_LIST;
      return { prepare: () => putFile(forged, fixture.beside('x')), planted: [forged] };
    },
  ],
];

const TARGETS: [string, string, SealCommand][] = [
  ['the report', REPORT, 'check'],
  ['the hash list', HASHES, 'baseline'],
  ['the lockfile', LOCK, 'baseline'],
];

const ARTIFACTS = TARGETS.flatMap(([what, path, command]) =>
  SUBSTITUTES.map(
    ([substitute, make]): Scenario => ({
      name: `${what} changes places with ${substitute}`,
      command,
      setUp: (fixture) => {
        const { prepare, planted } = make(fixture, path);
        return {
          attack: ['exchange', fixture.at(path), fixture.beside('x')],
          states: [PROJECT],
          planted: { [path]: ['', ...planted] },
          prepare: () => {
            prepare();
            // Something to be exchanged from the first step on.
            putFile('', fixture.at(path));
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
  SUBSTITUTES.map(
    ([substitute, make]): Scenario => ({
      name: `the temporary file of ${what} changes places with ${substitute}`,
      command,
      setUp: (fixture) => {
        const { prepare, planted } = make(fixture, path);
        const [folder, file] = path.startsWith('reports/') ? ['reports', path.slice(8)] : ['.', path];
        return {
          attack: ['hunt', fixture.at(folder), `.${file}.`, fixture.beside('x')],
          states: [PROJECT],
          planted: { [path]: planted },
          prepare: () => {
            fixture.clearTemporaries();
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

/** Attacks on the lockfile that is compared with. In its place lies one of other files; the attacker's would fit. */
const BASELINES: Scenario[] = [
  ...(
    [
      [
        'a link to a fitting one outside',
        (fixture) => symlinkSync('../outside/fitting', fixture.beside('x')),
        false,
      ],
      [
        'another name of a fitting one outside',
        (fixture) => linkSync(fixture.outside('fitting'), fixture.beside('x')),
        false,
      ],
      ['a fitting one', (fixture) => fixture.write('beside', { x: hashListOf(PROJECT) }), true],
    ] as const satisfies [string, (fixture: RaceFixture) => void, boolean][]
  ).map(
    ([what, make, mayPass]): Scenario => ({
      name: `the lockfile that is compared with changes places with ${what}`,
      command: 'verify',
      setUp: (fixture): RaceSetup => {
        fixture.write('outside', { fitting: hashListOf(PROJECT) });
        make(fixture);
        fixture.write('project', { [LOCK]: hashListOf({ ...PROJECT, 'd/f': 'older\n' }) });
        return {
          attack: ['exchange', fixture.at(LOCK), fixture.beside('x')],
          states: mayPass ? [PROJECT] : [],
        };
      },
      permitted: [
        ...ATTACKED(LOCK),
        ...TOUCHED('.'),
        /^FAIL: latticra\.seal\.lock: one file is not what it says; .*$/,
      ],
    }),
  ),
];

export const ARTIFACT_SCENARIOS: readonly Scenario[] = [
  ...FOLDERS,
  ...ARTIFACTS,
  ...TEMPORARIES,
  ...BASELINES,
];
