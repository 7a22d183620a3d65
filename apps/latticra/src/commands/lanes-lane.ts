// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { version } from '../../package.json';
import type { CommandEntry } from '../lanes/entry.js';
import { shortNameOf } from '../lanes/find.js';
import { LANES } from '../lanes/table.js';

/** A longer name has a line of its own, so that the others keep room for what they are for. */
const COLUMN = 34;

function formatList(rows: readonly (readonly [string, string])[]): string {
  const indent = ' '.repeat(COLUMN);
  return rows
    .map(([name, summary]) =>
      name.length + 2 > COLUMN ? `${name}\n${indent}${summary}\n` : `${name.padEnd(COLUMN)}${summary}\n`,
    )
    .join('');
}

/** Makes the lane. @param commands the words that no lane has as its short name */
export const lanesLane = (commands: readonly CommandEntry[]) =>
  defineLane({
    bin: 'latticra lanes',
    version,
    summary: 'list all lanes, and what each is for',
    details: `
A lane is one command with one job: flags in, one document or one reason out. Each runs as latticra <name>, by the name that is
listed, and as a command of its own by its long name, which --json tells as well.`,
    examples: ['', '--json'],
    flags: {},
    async run() {
      const lanes = LANES.map((entry) => ({
        ...entry,
        short: shortNameOf(entry, LANES, commands),
      }));
      const rows = lanes.map(({ name, short, summary }) => [short ?? name, summary] as const);
      return {
        text: formatList(rows),
        json: `${JSON.stringify(
          lanes.map(({ name, short, bin, summary }) => ({
            name,
            short: short ?? null,
            command: bin,
            summary,
          })),
          null,
          2,
        )}\n`,
      };
    },
  });
