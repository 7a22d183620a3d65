// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';

/** A reason longer than this says nothing more, and might not fit into a line. */
const MAX_REASON = 1000;

/**
 * Returns why a piece of evidence does not count, in one line: what went wrong, and what to do about it.
 * @throws what says nothing of the evidence: a read that fails underneath, from which the next run would come to another answer,
 *   and what is no failure of a package
 */
export function reasonFor(error: unknown): string {
  if (!(error instanceof Failure) || error.kind === 'io') throw error;
  const parts = [error.message, error.fix ?? ''].filter((part) => part !== '');
  return shorten(escapeControls(parts.join('; ').replace(/\s*\n\s*/g, ' | ')));
}

const shorten = (text: string) =>
  text.length <= MAX_REASON ? text : `${Array.from(text).slice(0, MAX_REASON).join('')}…`;
