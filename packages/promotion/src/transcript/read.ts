// SPDX-License-Identifier: Apache-2.0
import { EvidenceError } from '@latticra/evidence-format';
import { PromotionError } from '../error.js';
import { type Transcript, transcript } from './schema.js';

/** More than any terminal shows in a day; a log is held in memory while it is looked into. */
export const MAX_LOG_BYTES = 16 << 20;

/** Reads a transcript. @throws PromotionError `bad-transcript` naming it, the line and the key */
export function parseTranscript(name: string, bytes: Uint8Array): Transcript {
  try {
    return transcript.parse(bytes);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new PromotionError('bad-transcript', `${name}: ${cause.message}`, {
      cause,
      fix: 'fill in every line of latticra-os-image-transcript-template, in its order',
    });
  }
}
