// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** What all loaders have room for, which is what the kernel takes on x86: characters without the NUL. */
const COMMAND_LINE_LIMIT = 2047;

/**
 * Returns what keeps a command line from arriving as it is written: not printable ASCII, or too long; undefined for nothing.
 * @param limit the most characters that the kernel takes
 */
export function commandLineFault(text: string, limit = COMMAND_LINE_LIMIT): string | undefined {
  const most = Math.min(limit, COMMAND_LINE_LIMIT);
  if (text.length > most) return `has ${text.length} characters, of which the kernel takes ${most}`;
  const bad = /[^ -~]/.exec(text);
  if (!bad) return undefined;
  const code = text.charCodeAt(bad.index).toString(16).padStart(4, '0');
  return `holds the character U+${code} at ${bad.index}, expected printable ASCII on one line`;
}

/**
 * Refuses a command line that does not arrive as it is written.
 * @param limit the most characters that the kernel takes
 * @throws LinuxImageError `bad-command-line`
 */
export function assertCommandLine(commandLine: string, limit?: number): void {
  const fault = commandLineFault(commandLine, limit);
  if (fault === undefined) return;
  throw new LinuxImageError('bad-command-line', `the command line ${fault}`, {
    fix: 'shorten it, or leave out what it may not hold; what only the system reads can stand in a file of the root',
  });
}
