// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { formatCommand, ShellWordError } from '@latticra/shell-words';

/**
 * Says in one line that a folder in which images were copied is still there, and what removes it. What could not be removed is of no use
 * to the release, whose folder is another.
 */
export function leftBehind(folder: string): string {
  return `${quoteText(folder)} could not be removed, and nothing needs it; ${removal(folder)}`;
}

function removal(folder: string): string {
  try {
    return `see why, and run ${formatCommand(['rm', '-r', '--', folder])}`;
  } catch (error) {
    // A path that no command can carry.
    if (!(error instanceof ShellWordError)) throw error;
    return 'see why, and remove it with rm -r';
  }
}
