// SPDX-License-Identifier: Apache-2.0
import { formatManual, formatProgramManual } from '@latticra/lane';
import { version } from '../../package.json';
import { COMMANDS } from '../commands/table.js';
import type { CommandEntry, LaneEntry } from '../lanes/entry.js';
import { shortNameOf } from '../lanes/find.js';
import { loadLane } from '../lanes/load.js';
import { LANES } from '../lanes/table.js';
import { SUMMARY } from '../words.js';

/** Returns the name of a page: a command of two words is one, as git's are. */
const pageName = (bin: string) => bin.replaceAll(' ', '-');

/** Returns the manual page of a command or lane, in roff. */
export async function manualOf(entry: CommandEntry | LaneEntry, bin: string): Promise<string> {
  const loaded = await loadLane(entry, bin);
  const also = ['latticra'];
  return 'lane' in loaded ? formatManual(loaded.lane, also) : formatProgramManual(loaded.program, also);
}

/** Returns the page of `latticra` itself, in roff: its commands and all lanes, each with what it is for. */
export function selfManual(): string {
  const short = (lane: LaneEntry) => shortNameOf(lane, LANES, COMMANDS);
  return formatManual(
    {
      bin: 'latticra',
      version,
      summary: SUMMARY,
      details: [
        'latticra <command> runs one of the commands below, which each have a page of their own. A lane is a command with one job: flags in, one document or one reason out.',
        ...COMMANDS.map(({ name, summary }) => `latticra ${name}: ${summary}.`),
        ...LANES.map((lane) => {
          const names = [
            `latticra ${lane.name}`,
            ...[short(lane) ?? []].flat().map((name) => `latticra ${name}`),
          ];
          return `${[...names, lane.bin].join(', ')}: ${lane.summary}.`;
        }),
      ].join('\n\n'),
      examples: ['rehearse', 'status release', 'help verify'],
      flags: {},
    },
    [...COMMANDS.map(({ name }) => `latticra-${name}`), ...LANES.map(({ bin }) => bin)],
  );
}

/** Returns every manual page there is, by the name of its file. */
export async function allManuals(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([['latticra.1', selfManual()]]);
  for (const command of COMMANDS) {
    const bin = `latticra ${command.name}`;
    pages.set(`${pageName(bin)}.1`, await manualOf(command, bin));
  }
  for (const lane of LANES) pages.set(`${lane.bin}.1`, await manualOf(lane, lane.bin));
  return pages;
}
