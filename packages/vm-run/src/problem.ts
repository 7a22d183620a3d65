// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import type { SerialText } from './serial.js';

/**
 * Why a boot was not what it had to be.
 *
 * - `image-changed`, `firmware-changed`: a file is no longer what the machine was started with.
 * - `forbidden-line`: the log says something that it must never say.
 * - `exit-code`, `stopped`, `timeout`, `flood`, `signal`: how it ended, which is not how it had to; `end-unknown` where
 *   nothing tells.
 * - `replayed`: the log is of more than one boot, or of another build: a line twice, or one like it where only the
 *   expected one may stand.
 * - `missing-line`: the log lacks a line, or the prompt.
 * - `not-refused`: the firmware did not refuse the image.
 */
export type BootFailureCode =
  | 'image-changed'
  | 'firmware-changed'
  | 'forbidden-line'
  | 'exit-code'
  | 'stopped'
  | 'timeout'
  | 'flood'
  | 'signal'
  | 'end-unknown'
  | 'replayed'
  | 'missing-line'
  | 'not-refused';

/** The first fact about a boot that does not hold. */
export interface BootProblem {
  readonly code: BootFailureCode;
  /** The reason for a person, without a path and a full stop. */
  readonly reason: string;
  /** The line that is missing, or should not be there, where the problem is about one. */
  readonly line?: string;
}

/** The longest part of a line that a reason repeats: a guest can write any number of characters. */
const MAX_QUOTED = 200;

/** Quotes a line for a reason, which has to fit into a document: no guest writes control characters into one. */
export function quote(line: string): string {
  return escapeControls(JSON.stringify(line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line));
}

/** Returns every text that a log ever showed, the last line also where it was never ended. */
export function shownTexts({ lines, rest, erased = [] }: SerialText): readonly string[] {
  return rest === '' && erased.length === 0 ? lines : [...lines, ...erased, rest];
}
