// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import {
  always,
  type DocumentValue,
  defineDocument,
  derived,
  digest,
  field,
  NONE,
  numbered,
  oneOf,
  orNone,
  orWord,
  readinessClaims,
  text,
} from '@latticra/evidence-format/define';
import { filled, utcTime } from '../transcript/scalars.js';

/** What of a review its derived line follows from. */
interface Reviewed {
  readonly evidence: readonly string[];
}

/** Returns the digest of a set of evidence: of its digests in order, one a line, each once. */
export function evidenceSetDigest(digests: readonly string[]): string {
  return hash(
    'sha256',
    [...new Set(digests)]
      .sort()
      .map((each) => `${each}\n`)
      .join(''),
  );
}

/**
 * What a person decided on artifacts and evidence, by their digests. It is about one release and these very bytes: a changed byte
 * is other evidence, and another release has another version, tag or digest.
 */
export const review = defineDocument('LATTICRA OS IMAGE REVIEW', [
  always('review_version', 1),
  field('artifact_version', 'release.version', text),
  field('source_tag', 'release.tag', orWord(text, NONE)),
  field('iso_artifact_sha256', 'release.iso', orNone(digest)),
  field('vm_image_sha256', 'release.vmImage', orNone(digest)),
  field('artifact_manifest_sha256', 'manifestSha256', digest),
  // As in the list of allowed signers: who signs the review.
  field('reviewer', 'reviewer', filled),
  field('decision', 'decision', oneOf(['approve', 'reject'])),
  field('reason', 'reason', orNone(text)),
  field('reviewed_at', 'reviewedAt', utcTime),
  derived('evidence_set_sha256', ({ evidence }: Reviewed) => `sha256:${evidenceSetDigest(evidence)}`),
  ...readinessClaims,
  numbered('evidence', 'evidence', digest, { prefix: 'evidence_', first: 1, least: 1 }),
]);
/** What a review says; digests are 64 hexadecimal digits. */
export type Review = DocumentValue<typeof review>;
