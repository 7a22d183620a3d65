// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';

/**
 * - `unprintable`: a word that no one-line command can carry safely: a control character such as a line break, an invisible one, one that turns
 *   the direction.
 * - `bad-command`: a line that means more to a shell than its words, or leaves a quote open.
 */
export type ShellWordErrorCode = 'unprintable' | 'bad-command';

/** Thrown instead of printing a command that would not do what it says. */
export class ShellWordError extends Failure<ShellWordErrorCode> {
  constructor(code: ShellWordErrorCode, message: string, fix?: string) {
    super(code, 'data', message, fix === undefined ? {} : { fix });
  }
}
