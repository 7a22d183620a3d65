// SPDX-License-Identifier: Apache-2.0
import { delimiter, dirname } from 'node:path';
import { defineLane, exitCodeOf, LaneError, reasonOf, runLane, writeErr } from '@latticra/lane';
import { requireProgram } from '@latticra/toolchain';
import { version } from '../package.json';
import { GUARDS } from './all.js';
import { GuardFailure } from './error.js';
import type { Guard } from './guard.js';
import { holdGuard } from './hold.js';

/** What a guard ends with whose fact does not hold. */
const BROKEN = 1;
/**
 * Runs the guard that a command is named after: `test-latticra-os-image-usb-write-command` is that of
 * `latticra_os_image_usb_write_command`. The lanes are looked for beside the command, then on PATH.
 * @returns the exit status: 0, 1 for a fact that does not hold, 69 where a lane is not installed, 130 or 143 for a
 *   guard that was interrupted, and else that of any lane
 */
export async function runGuard(
  bin: string,
  argv: readonly string[] = process.argv.slice(2),
): Promise<number> {
  const guard = GUARDS.find(({ name }) => bin === `test-${name.replaceAll('_', '-')}`);
  if (guard !== undefined) return runLane(laneOf(bin, guard), argv);
  const error = new LaneError('usage', `no guard is called ${bin}`);
  writeErr(`${bin}: ${reasonOf(error)}\n`);
  return exitCodeOf(error);
}

/** A guard as a command: its flags and its output are those of every lane. */
function laneOf(bin: string, guard: Guard) {
  return defineLane({
    bin,
    version,
    summary: guard.summary,
    details: 'Drives the real lanes on files of its own in a temporary folder.',
    examples: [''],
    exits: {
      of: (error) => (error instanceof GuardFailure ? BROKEN : exitCodeOf(error)),
      help: `\
Exit: 0 what a lane's contract states holds, 1 it does not, 64 usage, 69 a lane is not installed,
      74 input/output error. The reason is one line on stderr.
`,
    },
    flags: {},
    async run({ signal }) {
      const path = [dirname(process.argv[1] ?? ''), process.env.PATH ?? ''].join(delimiter);
      const find = (lane: string) => requireProgram(lane, { PATH: path });
      await holdGuard(guard, { find, path, signal });
      return { text: `${guard.name}: ok\n`, json: `${JSON.stringify({ [guard.name]: 'ok' })}\n` };
    },
  });
}
