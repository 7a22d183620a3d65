// SPDX-License-Identifier: Apache-2.0
import { LaneError, runLane, runProgram, runWord, unknownWord } from '@latticra/lane';
import { version } from '../package.json';
import { COMMANDS } from './commands/table.js';
import { findLane, shortNameOf } from './lanes/find.js';
import { loadLane } from './lanes/load.js';
import { LANES } from './lanes/table.js';
import { formatBrief, formatFullHelp } from './words.js';

const SELF = { bin: 'latticra' };

/**
 * Runs, as this process, the command of that name.
 * @param bin `latticra`, or the long name of a lane
 * @returns the exit status
 */
export async function run(bin: string, argv: readonly string[]): Promise<number> {
  const own = LANES.find((lane) => lane.bin === bin);
  if (own !== undefined) return start(own, bin, argv);
  const [word = '', ...rest] = argv;
  if (word === 'help' && rest.length > 0) return help(rest);
  const text = answerTo(word);
  if (text !== undefined) {
    return runWord(SELF, () => {
      if (rest.length > 0) throw new LaneError('usage', `${word}: takes nothing behind it`, SEE_HELP);
      return text();
    });
  }
  const entry = entryOf(word);
  if (entry !== undefined) return start(entry, `latticra ${word}`, rest);
  return runWord(SELF, () => {
    throw word.startsWith('-')
      ? new LaneError('usage', 'expected a command before any flag', SEE_HELP)
      : notFound(word);
  });
}

const SEE_HELP = { fix: 'see latticra --help' };

/** Returns what the command itself says to a word, or undefined where it says nothing. */
function answerTo(word: string): (() => string) | undefined {
  if (word === '') return formatBrief;
  if (word === 'help' || word === '--help' || word === '-h') return formatFullHelp;
  return word === 'version' || word === '--version' ? () => `latticra ${version}\n` : undefined;
}

/** Returns the command or lane that a word means. */
function entryOf(word: string) {
  return COMMANDS.find(({ name }) => name === word) ?? findLane(word, LANES, COMMANDS);
}

/** Makes the error about a word that means nothing. */
const notFound = (word: string) => unknownWord(SELF.bin, word, allWords());

/** Lists every word that means something, the short names of lanes included. */
function allWords(): string[] {
  const lanes = LANES.flatMap((lane) => [shortNameOf(lane, LANES, COMMANDS) ?? [], lane.name].flat());
  return [...COMMANDS.map(({ name }) => name), 'help', 'version', ...lanes];
}

async function start(
  entry: Parameters<typeof loadLane>[0],
  bin: string,
  argv: readonly string[],
): Promise<number> {
  const loaded = await loadLane(entry, bin).catch((error: unknown) => ({ error }));
  if ('error' in loaded) {
    return runWord({ bin }, () => {
      throw loaded.error;
    });
  }
  return 'lane' in loaded ? runLane(loaded.lane, argv) : runProgram(loaded.program, argv);
}

/** Runs `help <command>`, `help <command> <word>` and, for the manual page, `help --man <command>`. */
async function help(words: readonly string[]): Promise<number> {
  const isManual = words.includes('--man');
  const [word = '', ...rest] = words.filter((each) => each !== '--man');
  if (word === '' && isManual) {
    const { selfManual } = await import('./manual/manual.js');
    return runWord(SELF, selfManual);
  }
  if (answerTo(word) !== undefined && rest.length === 0) return run('latticra', ['--help']);
  const entry = entryOf(word);
  if (entry === undefined) {
    return runWord(SELF, () => {
      throw notFound(word);
    });
  }
  if (!isManual) return start(entry, `latticra ${word}`, [...rest, '--help']);
  const { manualOf } = await import('./manual/manual.js');
  const page = await manualOf(entry, entry.bin ?? `latticra ${word}`);
  return runWord(SELF, () => {
    if (rest.length > 0) throw new LaneError('usage', `${word} has one page for all its commands`, SEE_HELP);
    return page;
  });
}
