// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';
import { assertCommandLine, commandLineFault } from '../kernel/command-line.js';

const OS_RELEASE_LIMIT = 64 * 1024;

/** Returns what is wrong with a command line in a section, which is never empty; undefined for nothing. */
export const sectionFault = (text: string): string | undefined =>
  text === '' ? 'is empty' : commandLineFault(text);

/** Refuses a command line that no section can hold, or Linux would not take as it is. @throws LinuxImageError `bad-command-line` */
export function checkCommandLine(text: string): void {
  if (text === '') throw new LinuxImageError('bad-command-line', 'the command line is empty');
  assertCommandLine(text);
}

/**
 * Returns what is wrong with the text of an os-release file, which has lines `KEY=value`, comments and empty lines, each with
 * its end; undefined for nothing.
 */
export function osReleaseFault(text: string): string | undefined {
  if (Buffer.byteLength(text) > OS_RELEASE_LIMIT) return `has more than ${OS_RELEASE_LIMIT} bytes`;
  if (/\p{Surrogate}/u.test(text)) return 'cannot be written as UTF-8';
  if (!text.endsWith('\n')) return 'does not end its last line';
  const lines = text.slice(0, -1).split('\n');
  const hidden = lines.findIndex((line) => /[\p{Cc}\p{Cf}]/u.test(line));
  if (hidden >= 0) return `holds an invisible character on line ${hidden + 1}`;
  const other = lines.findIndex((line) => !/^(#.*|[A-Za-z_][A-Za-z0-9_]*=.*)?$/u.test(line));
  return other >= 0 ? `has neither KEY=value nor a comment on line ${other + 1}` : undefined;
}

/** Refuses a text that is no os-release file. @throws LinuxImageError `bad-os-release` */
export function checkOsRelease(text: string): void {
  const fault = osReleaseFault(text);
  if (fault === undefined) return;
  throw new LinuxImageError('bad-os-release', `os-release ${fault}`, {
    fix: 'give the text of /etc/os-release of the system in the image',
  });
}
