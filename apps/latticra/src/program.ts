// SPDX-License-Identifier: Apache-2.0
import type { Lane, Program } from '@latticra/lane';
import { version } from '../package.json';
import { COMMANDS } from './commands/table.js';
import { loadLane } from './lanes/load.js';
import { SUMMARY } from './words.js';

/** Loads the commands of `latticra` itself, as a program of lanes: the lanes of apps are not among them. */
export async function loadProgram(): Promise<Program> {
  const lanes: Record<string, Lane> = {};
  for (const command of COMMANDS) {
    const loaded = await loadLane(command, `latticra ${command.name}`);
    if ('lane' in loaded) lanes[command.name] = loaded.lane;
  }
  return { bin: 'latticra', version, summary: SUMMARY, details: '', lanes };
}
