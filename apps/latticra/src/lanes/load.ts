// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Lane, Program } from '@latticra/lane';
import type { LaneEntry, LaneModule, Loaded } from './entry.js';

/** The script that Seal starts as its second thread; a chunk of the bundle lies beside it. */
const SEAL_HELPER = join(__dirname, 'seal-helper.cjs');

/**
 * Loads a lane or a program of several.
 * @param bin what it was called by, which its help and its errors say
 */
export async function loadLane(entry: Pick<LaneEntry, 'load'>, bin: string): Promise<Loaded> {
  const module = await entry.load();
  if ('lane' in module) return { lane: { ...(module.lane as Lane), bin } };
  return { program: renamed(programOf(module), bin) };
}

function programOf(module: Exclude<LaneModule, { lane: unknown }>): Program {
  return 'program' in module ? module.program : module.createProgram(SEAL_HELPER);
}

function renamed(program: Program, bin: string): Program {
  const lanes = Object.entries(program.lanes).map(([word, lane]) => [
    word,
    { ...lane, bin: `${bin} ${word}` },
  ]);
  return { ...program, bin, lanes: Object.fromEntries(lanes) };
}
