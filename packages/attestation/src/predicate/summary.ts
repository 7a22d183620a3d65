// SPDX-License-Identifier: Apache-2.0
import type { Shape } from '../json.js';
import { timeIn } from './verification.js';

/** What a verification summary of SLSA's says. */
export interface VerificationSummary {
  readonly verifierId: string;
  readonly resourceUri: string;
  readonly result: 'PASSED' | 'FAILED';
  readonly levels: readonly string[];
}

const LEVEL = /^(?:SLSA_(?:BUILD|SOURCE)_LEVEL_(?:[0-4]|UNEVALUATED)|FAILED|(?!SLSA_)[A-Za-z0-9][\w.:/-]*)$/;

/** Reads a verification summary (SLSA v1.1). @throws AttestationError `not-a-statement` */
export function readSummary(predicate: Shape): VerificationSummary {
  const word = predicate.text('verificationResult');
  if (predicate.get('timeVerified') !== undefined) timeIn(predicate, 'timeVerified');
  predicate.shape('policy').text('uri');
  const levels = predicate.texts('verifiedLevels');
  const stranger = levels.find((level) => !LEVEL.test(level));
  if (stranger !== undefined)
    predicate.bad('verifiedLevels', 'levels of SLSA, or words that do not begin with SLSA_');
  return {
    verifierId: predicate.shape('verifier').text('id'),
    resourceUri: predicate.text('resourceUri'),
    result:
      word === 'PASSED' || word === 'FAILED' ? word : predicate.bad('verificationResult', 'PASSED or FAILED'),
    levels,
  };
}
