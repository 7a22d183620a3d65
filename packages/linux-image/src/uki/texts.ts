// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** Characters that Linux takes on its command line; the stub has room for as many. */
const COMMAND_LINE_LIMIT = 2047;
const OS_RELEASE_LIMIT = 64 * 1024;

/** Returns what is wrong with a command line: not printable ASCII, empty, or above 2047 characters; undefined for nothing. */
export function commandLineFault(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > COMMAND_LINE_LIMIT) {
    return `has ${text.length} characters, of which Linux takes ${COMMAND_LINE_LIMIT}`;
  }
  const bad = /[^ -~]/.exec(text);
  if (!bad) return undefined;
  const code = text.charCodeAt(bad.index).toString(16).padStart(4, '0');
  return `holds the character U+${code} at ${bad.index}`;
}

/** Refuses a command line that Linux would not take as it is. @throws LinuxImageError `bad-command-line` */
export function checkCommandLine(text: string): void {
  const fault = commandLineFault(text);
  if (fault === undefined) return;
  throw new LinuxImageError('bad-command-line', `the command line ${fault}`, {
    fix: 'write it in printable ASCII, on one line of at most 2047 characters',
  });
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
