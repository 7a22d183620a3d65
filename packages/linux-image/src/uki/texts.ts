// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** Characters that Linux takes on its command line; the stub has room for as many. */
export const COMMAND_LINE_LIMIT = 2047;
const OS_RELEASE_LIMIT = 64 * 1024;

/**
 * Refuses a command line that Linux would not take as it is: printable ASCII, at most 2047 characters.
 * @throws LinuxImageError `bad-command-line`
 */
export function checkCommandLine(text: string): void {
  const refuse = (found: string, fix: string) => {
    throw new LinuxImageError('bad-command-line', `the command line ${found}`, { fix });
  };
  if (text === '') refuse('is empty', 'give the kernel a root and a console');
  if (text.length > COMMAND_LINE_LIMIT) {
    refuse(`has ${text.length} characters, of which Linux takes ${COMMAND_LINE_LIMIT}`, 'make it shorter');
  }
  const bad = /[^ -~]/.exec(text);
  if (bad) {
    const code = text.charCodeAt(bad.index).toString(16).padStart(4, '0');
    refuse(`holds the character U+${code} at ${bad.index}`, 'write it in printable ASCII, on one line');
  }
}

/**
 * Refuses a text that is no os-release file: lines `KEY=value`, comments and empty lines, each with its end.
 * @throws LinuxImageError `bad-os-release`
 */
export function checkOsRelease(text: string): void {
  const refuse = (found: string) => {
    throw new LinuxImageError('bad-os-release', `os-release ${found}`, {
      fix: 'give the text of /etc/os-release of the system in the image',
    });
  };
  if (Buffer.byteLength(text) > OS_RELEASE_LIMIT) refuse(`has more than ${OS_RELEASE_LIMIT} bytes`);
  if (/\p{Surrogate}/u.test(text)) refuse('cannot be written as UTF-8');
  if (!text.endsWith('\n')) refuse('does not end its last line');
  text
    .slice(0, -1)
    .split('\n')
    .forEach((line, index) => {
      if (/[\p{Cc}\p{Cf}]/u.test(line)) refuse(`holds an invisible character on line ${index + 1}`);
      if (!/^(#.*|[A-Za-z_][A-Za-z0-9_]*=.*)?$/u.test(line)) {
        refuse(`has neither KEY=value nor a comment on line ${index + 1}`);
      }
    });
}
