// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { LaneError } from './error.js';
import { exitCodeOf, reasonOf } from './exit-code.js';
import type { ExitStatuses, Lane } from './lane.js';
import { writeErr, writeOut } from './output.js';
import { runLane } from './run.js';

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
export function formatProgramHelp({ bin, summary, details, lanes }: Program): string {
  const width = Math.max(...Object.keys(lanes).map((name) => name.length)) + 2;
  const list = Object.entries(lanes).map(([name, lane]) => `  ${name.padEnd(width)}${lane.summary}\n`);
  return `${bin}: ${summary}\n\nUsage: ${bin} <command> [flags]\n\nCommands:\n${list.join('')}\n${details.trim()}\n`;
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
  try {
    const text = answerTo(program, name);
    if (text === undefined || (name === 'help' && rest.length > 0)) throw notFound(program, topic ?? name);
    if (rest[0] !== undefined) throw usage(program, `unexpected argument ${quoteText(rest[0])}`);
    writeOut(1, text);
    return 0;
  } catch (error) {
    writeErr(`${program.bin}: ${reasonOf(error)}\n`);
    return (program.exits?.of ?? exitCodeOf)(error);
  }
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
  const found = name === '' ? 'nothing' : quoteText(name);
  return usage(program, `expected a command, ${Object.keys(program.lanes).join(' or ')}, found ${found}`);
}

function usage({ bin }: Program, reason: string): LaneError {
  return new LaneError('usage', reason, { fix: `see ${bin} --help` });
}
