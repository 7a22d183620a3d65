// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * What can be wrong with an evidence document.
 *
 * - `bad-text`: bytes that no document holds: invalid UTF-8, BOM, NUL, CR, no last LF.
 * - `too-large`: a line over 8191 bytes or a document over 4 MiB.
 * - `bad-line`: a line that is neither a title, a `key=value` nor a section where one has to stand.
 * - `bad-key`, `bad-value`, `duplicate`: a field that cannot be written, or that stands twice.
 * - `missing`, `unexpected`, `misplaced`, `wrong-type`: the document is well formed but is not the one that was asked for.
 * - `forbidden-claim`: a readiness claim with any other value than 0.
 */
export type EvidenceErrorCode =
  | 'bad-text'
  | 'too-large'
  | 'bad-line'
  | 'bad-key'
  | 'bad-value'
  | 'duplicate'
  | 'missing'
  | 'unexpected'
  | 'misplaced'
  | 'wrong-type'
  | 'forbidden-claim';

/** Where in a document an error lies, as far as it is known. */
export interface EvidencePlace {
  /** 1-based line number. */
  readonly line?: number;
  readonly key?: string;
}

/** Thrown by the parser, the formatter and the field reader; the message names line, key and what was expected. */
export class EvidenceError extends Failure<EvidenceErrorCode> {
  readonly line: number | undefined;
  readonly key: string | undefined;

  constructor(code: EvidenceErrorCode, message: string, place: EvidencePlace = {}, details?: FailureDetails) {
    super(code, 'data', place.line === undefined ? message : `line ${place.line}: ${message}`, details);
    this.line = place.line;
    this.key = place.key;
  }
}
