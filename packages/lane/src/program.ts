// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { LaneError } from './error.js';
import { exitLines, paragraphsOf, wrap } from './help.js';
import type { ExitStatuses, Lane } from './lane.js';
import { nearestNames } from './nearest.js';
import { writeErr, writeOut } from './output.js';
import { runLane, tellFailure } from './run.js';

/** A command that consists of several lanes, such as `latticra rehearse`. */
export interface Program {
  readonly bin: string;
  readonly version: string;
  /** One line. */
  readonly summary: string;
  /** What `--help` says after the list. */
  readonly details: string;
  /** Of the command itself, as a lane has them. */
  readonly exits?: ExitStatuses;
  /** By the word that chooses it. */
  readonly lanes: Readonly<Record<string, Lane>>;
}

/** Formats the text of `--help`. */
export function formatProgramHelp({ bin, summary, details, lanes, ...more }: Program): string {
  const width = Math.max(...Object.keys(lanes).map((name) => name.length)) + 2;
  const list = Object.entries(lanes).map(
    ([name, lane]) =>
      `  ${name.padEnd(width)}${wrap(lane.summary.split(' '), `\n${' '.repeat(width + 2)}`, 98 - width)}\n`,
  );
  const about = paragraphsOf(details).map((paragraph) => wrap(paragraph.split(' '), '\n'));
  return `${bin}: ${summary}\n\nUsage: ${bin} <command> [flags]\n\nCommands:\n${list.join('')}\n${about.join('\n\n')}\n\nEach command tells more with --help.\n\n${exitLines(more)}\n`;
}

/**
 * Runs, as this process, the lane that the first argument names, and returns the exit status. `help <name>`
 * prints what `<name> --help` does.
 */
export async function runProgram(
  program: Program,
  argv: readonly string[] = process.argv.slice(2),
): Promise<number> {
  const [name = '', ...rest] = argv;
  const topic = name === 'help' && rest.length === 1 ? rest[0] : undefined;
  const told = topic === undefined ? undefined : laneOf(program, topic);
  if (told !== undefined) return runLane(told, ['--help']);
  const lane = laneOf(program, name);
  if (lane !== undefined) return runLane(lane, rest);
  return runWord(program, () => {
    const text = answerTo(program, name);
    if (text === undefined || (name === 'help' && rest.length > 0)) throw notFound(program, topic ?? name);
    if (rest[0] !== undefined) throw usage(program, `unexpected argument ${quoteText(rest[0])}`);
    return text;
  });
}

/** Returns what the command itself says to a word, or undefined where it says nothing. */
function answerTo(program: Program, name: string): string | undefined {
  if (name === '--help' || name === '-h' || name === 'help') return formatProgramHelp(program);
  return name === '--version' ? `${program.bin} ${program.version}\n` : undefined;
}

function laneOf({ lanes }: Program, name: string): Lane | undefined {
  return Object.hasOwn(lanes, name) ? lanes[name] : undefined;
}

function notFound(program: Program, name: string): LaneError {
  const names = Object.keys(program.lanes);
  if (nearestNames(name, names).length > 0) return unknownWord(program.bin, name, names);
  const found = name === '' ? 'nothing' : quoteText(name);
  return usage(program, `expected a command, ${names.join(' or ')}, found ${found}`);
}

/**
 * Makes the error about a word that is none of the names that a command knows: it tells those that may have been meant.
 * @param bin the command, whose `--help` lists them all
 */
export function unknownWord(bin: string, word: string, names: readonly string[]): LaneError {
  // A command of its own has the name of its family in front.
  const near = nearestNames(word.replace(/^latticra-/, ''), names);
  return new LaneError('usage', `expected a command, found ${quoteText(word)}`, {
    fix: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `see ${bin} --help`,
  });
}

/**
 * Prints, as this process, what a command says without doing anything, or the one line of why it cannot.
 * @param text what it says; called once, and may throw instead
 * @returns the exit status
 */
export function runWord({ bin, exits }: Pick<Program, 'bin' | 'exits'>, text: () => string): number {
  try {
    writeOut(1, text());
    return 0;
  } catch (error) {
    return tellFailure({ bin, ...(exits !== undefined && { exits }) }, undefined, error, writeErr);
  }
}

function usage({ bin }: Program, reason: string): LaneError {
  return new LaneError('usage', reason, { fix: `see ${bin} --help` });
}
