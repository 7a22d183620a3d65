// SPDX-License-Identifier: Apache-2.0
import type { CommandEntry } from '../lanes/entry.js';

/** The commands of `latticra` itself, in the order in which one begins with them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'rehearse',
    summary: 'take the boot seed, or a Linux system, to a review bundle, and prove each step',
    load: () => import('../rehearse/rehearse-lane.js'),
  },
  {
    name: 'release',
    summary: 'take images of your own to a review bundle and a page, and go on where it stopped',
    load: () => import('./release/release-lane.js'),
  },
  {
    name: 'status',
    summary: 'say what a folder has of a release, what is missing, and the next command',
    load: () => import('./status/status-lane.js'),
  },
  {
    name: 'report',
    summary: 'show a folder of evidence as one page: what blocks it first, then every fact',
    load: () => import('./report/report-lane.js'),
  },
  {
    name: 'verify',
    summary: "check every file of an operator's bundle",
    load: () => import('./verify-lane.js'),
  },
  {
    name: 'doctor',
    summary: 'say what this machine can do, and what to install for more',
    load: () => import('./doctor/doctor-lane.js'),
  },
  {
    name: 'guard',
    summary: 'hold the lanes to their contracts, on files of the guards',
    load: () => import('./guard-lane.js'),
  },
  {
    name: 'lanes',
    summary: 'list all lanes, and what each is for',
    load: async () => ({ lane: (await import('./lanes-lane.js')).lanesLane(COMMANDS) }),
  },
  {
    name: 'completion',
    summary: 'print what makes a shell complete commands, flags and their values',
    load: async () => ({ lane: (await import('./completion/completion-lane.js')).completionLane(COMMANDS) }),
  },
];
