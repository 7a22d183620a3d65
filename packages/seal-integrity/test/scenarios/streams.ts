// SPDX-License-Identifier: Apache-2.0
/** Attacks on the artifacts that are read back. */
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { HASHES } from '../project.js';
import { hashListOf, PROJECT } from '../race-fixture.js';
import type { Scenario } from '../scenario.js';
import { FORGED_LIST } from './artifacts.js';
import { HARD_LINKED, IS, REPLACED } from './reasons.js';

const OWN = hashListOf(PROJECT);

export const STREAM_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a hash list that is read back changes places with a link out',
    command: 'hashList',
    setUp: (fixture) => {
      fixture.write('project', { [HASHES]: OWN });
      symlinkSync(fixture.outside(HASHES), fixture.beside('x'));
      return {
        attack: ['exchange', fixture.at(HASHES), fixture.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN] },
      };
    },
    permitted: [...REPLACED(HASHES), IS(HASHES, 'a symbolic link')],
  },
  {
    name: 'a hash list that is read back changes places with another name of one outside',
    command: 'hashList',
    setUp: (fixture) => {
      fixture.write('project', { [HASHES]: OWN });
      linkSync(fixture.outside(HASHES), fixture.beside('x'));
      return {
        attack: ['exchange', fixture.at(HASHES), fixture.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN] },
      };
    },
    permitted: [...REPLACED(HASHES), HARD_LINKED(HASHES)],
  },
  {
    name: 'a hash list that is read back changes places with another',
    command: 'hashList',
    setUp: (fixture) => {
      fixture.write('project', { [HASHES]: OWN });
      fixture.write('beside', { x: FORGED_LIST });
      return {
        attack: ['exchange', fixture.at(HASHES), fixture.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN, FORGED_LIST] },
      };
    },
    permitted: REPLACED(HASHES),
  },
  {
    name: 'the folder of a hash list that is read back changes places with a link out',
    command: 'hashList',
    setUp: (fixture) => {
      fixture.write('project', { [HASHES]: OWN });
      symlinkSync('../outside/reports', fixture.beside('x'));
      return {
        attack: ['exchange', fixture.at('reports'), fixture.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN] },
      };
    },
    permitted: [...REPLACED('reports'), IS('reports', 'a symbolic link')],
  },
  {
    name: 'the folder of a hash list that is read back changes places with another',
    command: 'hashList',
    setUp: (fixture) => {
      fixture.write('project', { [HASHES]: OWN });
      mkdirSync(fixture.beside('x'), { mode: 0o755 });
      fixture.write('beside', { 'x/latticra-seal-cli-hashes.txt': FORGED_LIST });
      return {
        attack: ['exchange', fixture.at('reports'), fixture.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN, FORGED_LIST] },
      };
    },
    permitted: REPLACED('reports'),
  },
];
