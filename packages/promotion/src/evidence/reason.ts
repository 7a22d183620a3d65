// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';

/** A reason longer than this says nothing more, and might not fit into a line. */
const MAX_REASON = 1000;

/**
 * Returns why a piece of evidence does not count, in one line: what went wrong, and what to do about it.
 * @throws what is no failure of a package: a defect of ours, or a system that cannot go on
 */
export function reasonFor(error: unknown): string {
  if (!(error instanceof Failure)) throw error;
  const parts = [error.message, error.fix ?? ''].filter((part) => part !== '');
  return shorten(escapeControls(parts.join('; ').replace(/\s*\n\s*/g, ' | ')));
}

const shorten = (text: string) =>
  text.length <= MAX_REASON ? text : `${Array.from(text).slice(0, MAX_REASON).join('')}…`;
