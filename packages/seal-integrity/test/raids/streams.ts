// SPDX-License-Identifier: Apache-2.0
/** Attacks on what is read back. */
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { hashListOf, PROJECT } from '../arena.js';
import { HASHES } from '../project.js';
import type { Raid } from '../raid.js';
import { FORGED_LIST } from './artifacts.js';
import { HARD_LINKED, IS, REPLACED } from './reasons.js';

const OWN = hashListOf(PROJECT);

export const STREAM_RAIDS: readonly Raid[] = [
  {
    name: 'a hash list that is read back changes places with a link out',
    command: 'hashList',
    lay: (arena) => {
      arena.lay('project', { [HASHES]: OWN });
      symlinkSync(arena.outside(HASHES), arena.beside('x'));
      return {
        attack: ['exchange', arena.at(HASHES), arena.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN] },
      };
    },
    permitted: [...REPLACED(HASHES), IS(HASHES, 'a symbolic link')],
  },
  {
    name: 'a hash list that is read back changes places with another name of one outside',
    command: 'hashList',
    lay: (arena) => {
      arena.lay('project', { [HASHES]: OWN });
      linkSync(arena.outside(HASHES), arena.beside('x'));
      return {
        attack: ['exchange', arena.at(HASHES), arena.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN] },
      };
    },
    permitted: [...REPLACED(HASHES), HARD_LINKED(HASHES)],
  },
  {
    name: 'a hash list that is read back changes places with another',
    command: 'hashList',
    lay: (arena) => {
      arena.lay('project', { [HASHES]: OWN });
      arena.lay('beside', { x: FORGED_LIST });
      return {
        attack: ['exchange', arena.at(HASHES), arena.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN, FORGED_LIST] },
      };
    },
    permitted: REPLACED(HASHES),
  },
  {
    name: 'the folder of a hash list that is read back changes places with a link out',
    command: 'hashList',
    lay: (arena) => {
      arena.lay('project', { [HASHES]: OWN });
      symlinkSync('../outside/reports', arena.beside('x'));
      return {
        attack: ['exchange', arena.at('reports'), arena.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN] },
      };
    },
    permitted: [...REPLACED('reports'), IS('reports', 'a symbolic link')],
  },
  {
    name: 'the folder of a hash list that is read back changes places with another',
    command: 'hashList',
    lay: (arena) => {
      arena.lay('project', { [HASHES]: OWN });
      mkdirSync(arena.beside('x'), { mode: 0o755 });
      arena.lay('beside', { 'x/latticra-seal-cli-hashes.txt': FORGED_LIST });
      return {
        attack: ['exchange', arena.at('reports'), arena.beside('x')],
        states: [],
        planted: { [HASHES]: [OWN, FORGED_LIST] },
      };
    },
    permitted: REPLACED('reports'),
  },
];
