// SPDX-License-Identifier: Apache-2.0
import { delimiter, join, resolve } from 'node:path';
import { quoteText } from '@latticra/evidence-format';
import { GUARDS, type Guard, GuardFailure, holdGuard } from '@latticra/guards/guards';
import { defineLane, exitCodeOf, LaneError, reasonOf } from '@latticra/lane';
import { findProgram, ToolchainError } from '@latticra/toolchain';
import { version } from '../../package.json';
import { formatColumns } from '../columns.js';

/** The scripts of the lanes: a chunk of the bundle lies beside their folder. */
const BINS = join(__dirname, 'bin');
/** The status where a fact does not hold, as that of each guard. */
const BROKEN = 1;

interface Result {
  readonly guard: string;
  readonly held: boolean;
  /** One line, for a fact that does not hold. */
  readonly reason: string | undefined;
  readonly about: string;
}

export const lane = defineLane({
  bin: 'latticra guard',
  version,
  summary: 'hold the lanes to their contracts, on files of the guards',
  details: `
Runs all guards, one after the other, and prints one table. Each drives the real lanes as processes, on files of its own in a
temporary folder that is gone afterwards, and checks what their contract states. The lanes are those of this command, or those
in --lanes. A guard that is broken keeps no other from being tried.`,
  examples: ['', '--only latticra_os_image_usb_write_command'],
  exits: {
    of: exitCodeOf,
    help: `\
Exit: 0 what the contracts state holds, 1 something does not, 64 usage, 69 a lane is not installed,
      74 input/output error. The reason is one line on stderr.
`,
  },
  flags: {
    only: {
      value: 'texts',
      placeholder: 'guard',
      known: GUARDS.map(({ name }) => name),
      help: 'run this guard alone, as the table names it',
    },
    lanes: {
      value: 'path',
      placeholder: 'folder',
      help: 'a folder of the commands of lanes, by their long names (default: those of this command)',
    },
  },
  async run({ flags, cwd, env, signal, progress }) {
    const folder = flags.lanes === undefined ? BINS : resolve(cwd, flags.lanes);
    const suffix = flags.lanes === undefined ? '.cjs' : '';
    const path = [folder, env.PATH ?? ''].join(delimiter);
    // A lane that lies elsewhere on PATH is not one of those that were named.
    const find = (name: string) => {
      const found = findProgram(`${name}${suffix}`, { PATH: folder });
      if (found !== undefined) return found;
      throw new ToolchainError('program-missing', `${flags.lanes ?? folder}: has no program ${name}`, {
        fix: 'name a folder with the commands of all lanes, or leave --lanes out',
      });
    };
    const results: Result[] = [];
    const chosen = chooseGuards(flags.only);
    for (const guard of chosen) {
      const held = progress.wait(`guard ${results.length + 1} of ${chosen.length}`, () =>
        holdGuard(guard, { find, path, signal }),
      );
      results.push(
        await held.then(
          () => resultOf(guard, undefined),
          (error: unknown) => failed(guard, error),
        ),
      );
    }
    return answer(results);
  },
});

/** Returns the guards of these names, or all. @throws LaneError `usage` for a name that none has */
function chooseGuards(names: readonly string[]): readonly Guard[] {
  if (names.length === 0) return GUARDS;
  return names.map((name) => {
    const found = GUARDS.find((guard) => guard.name === name);
    if (found !== undefined) return found;
    throw new LaneError('usage', `--only: no guard is called ${quoteText(name)}`, {
      fix: 'latticra guard lists them',
    });
  });
}

/** Returns the result of a guard that found something; any other error ends the run. */
function failed(guard: Guard, error: unknown): Result {
  if (!(error instanceof GuardFailure)) throw error;
  return resultOf(guard, reasonOf(error));
}

function resultOf({ name, summary }: Guard, reason: string | undefined): Result {
  return { guard: name, held: reason === undefined, reason, about: summary };
}

function answer(results: readonly Result[]) {
  const held = results.filter((result) => result.held).length;
  const rows = results.map(({ guard, reason, about }) => [
    guard,
    reason === undefined ? 'ok' : 'BROKEN',
    reason ?? about,
  ]);
  return {
    text: `${formatColumns(rows)}\n${held} of ${results.length} hold\n`,
    json: `${JSON.stringify(
      results.map(({ guard, held, reason }) => ({ guard, held, reason: reason ?? null })),
      null,
      2,
    )}\n`,
    status: held === results.length ? 0 : BROKEN,
  };
}
