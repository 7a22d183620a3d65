// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** What both loaders have room for, which is what the kernel takes on x86: characters without the NUL. */
const COMMAND_LINE_LIMIT = 2047;

/**
 * Refuses a command line that does not arrive as it is written.
 * @param limit the most characters that the kernel takes
 * @throws LinuxImageError `bad-command-line`
 */
export function assertCommandLine(commandLine: string, limit: number): void {
  const most = Math.min(limit, COMMAND_LINE_LIMIT);
  if (!/^[\x20-\x7e]*$/.test(commandLine)) {
    throw new LinuxImageError(
      'bad-command-line',
      'the command line: expected printable ASCII characters on one line',
      { fix: 'leave out what is none' },
    );
  }
  if (commandLine.length <= most) return;
  throw new LinuxImageError(
    'bad-command-line',
    `the command line has ${commandLine.length} characters, the kernel takes ${most}`,
    { fix: 'shorten it; what only the system reads can stand in a file of the root' },
  );
}
