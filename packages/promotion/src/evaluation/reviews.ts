// SPDX-License-Identifier: Apache-2.0
import { keyIdentity, NAMESPACES, type VerifiedSignature } from '@latticra/signature';
import { type Evidence, isOf, type PieceOf, type Refused } from '../evidence/piece.js';
import type { Context } from '../fields/context.js';
import type { Cited } from '../fields/outcome.js';
import { lookOf, otherThanNamed } from '../release/names.js';
import { mayBeOne, type Signers } from '../release/signers.js';
import type { Subject } from '../release/subject.js';

/** A review of this release by somebody who may review. */
interface CountedReview {
  readonly piece: PieceOf<'review'>;
  readonly by: VerifiedSignature;
  readonly evidence: ReadonlySet<string>;
  readonly isApproval: boolean;
}

/** The reviews of a release, and those that do not count, with the reason. */
export interface Reviews {
  readonly counted: readonly CountedReview[];
  readonly refused: readonly Refused[];
  /** Who built it, as the signed build records say; nobody is known to be another where there is none. */
  readonly producers: readonly VerifiedSignature[];
  /** Identities of the keys of the builders whose provenance counts. */
  readonly builderKeys: ReadonlySet<string>;
  /** Digests of the build records whose producer did not sign. */
  readonly ofNobody: ReadonlySet<string>;
}

/**
 * Reads the reviews of a release. A review of other digests, or of another version or tag, is none of it; the same review twice is
 * one; two of one reviewer that contradict each other are refused, and what they were asked to approve stays rejected.
 */
export function reviewsOf(
  folders: readonly Evidence[],
  subject: Subject,
  { builds, attested }: Pick<Context, 'builds' | 'attested'>,
  signers: Signers,
): Reviews {
  const refused: Refused[] = [];
  const counted = new Map<string, CountedReview>();
  const manifests = new Set(subject.manifests.map(({ sha256 }) => sha256));
  for (const piece of folders.flatMap(({ pieces }) => pieces)) {
    if (!isOf(piece, 'review')) continue;
    const { review } = piece.content;
    const signed = signers.of(piece, NAMESPACES.review);
    const problem =
      releaseProblem(piece, subject, manifests) ??
      signed.problem ??
      (signed.by?.principal === review.reviewer
        ? undefined
        : otherThanNamed(signed.by?.principal ?? 'nobody', review.reviewer, 'reviewer'));
    if (problem !== undefined || signed.by === undefined) {
      refused.push({ path: piece.path, reason: problem ?? 'is not signed' });
      continue;
    }
    // The identity of a signature: its bytes are malleable, and its file has any name.
    const { key, namespace, digest } = signed.by;
    counted.set(`${key.fingerprint} ${namespace} ${digest}`, {
      piece,
      by: signed.by,
      evidence: new Set(review.evidence),
      isApproval: review.decision === 'approve',
    });
  }
  const all = [...counted.values()];
  const contradicted = contradictedAmong(all);
  for (const { piece, by } of contradicted) {
    refused.push({
      path: piece.path,
      reason: `${by.principal} approves and rejects the same evidence; take one of the two away`,
    });
  }
  return {
    // A rejection stands until it is taken away.
    counted: all.filter((each) => !each.isApproval || !contradicted.includes(each)),
    refused,
    producers: builds.flatMap(({ piece }) => signers.of(piece, NAMESPACES.build).by ?? []),
    builderKeys: new Set(attested.flatMap(({ keys }) => keys.map(keyIdentity))),
    ofNobody: new Set(
      builds.flatMap(({ piece }) =>
        signers.of(piece, NAMESPACES.build).by === undefined ? [piece.sha256] : [],
      ),
    ),
  };
}

function releaseProblem(
  { content: { review } }: PieceOf<'review'>,
  subject: Subject,
  manifests: ReadonlySet<string>,
): string | undefined {
  const { version, tag, iso, vmImage } = review.release;
  if (iso !== subject.iso || vmImage !== subject.vmImage) return 'is a review of other artifacts';
  if (version !== subject.version) return `is a review of version ${version}, not of ${subject.version}`;
  if (tag !== subject.tag) return `is a review of the tag ${tag}, not of ${subject.tag}`;
  return manifests.has(review.manifestSha256) ? undefined : 'is a review of another artifact manifest';
}

/** Finds the reviews whose reviewer, by name or key, decided the other way on some of the same evidence. */
function contradictedAmong(reviews: readonly CountedReview[]): CountedReview[] {
  const decided = new Set<string>();
  const keysOf = ({ by }: CountedReview, digest: string, isApproval: boolean) =>
    [lookOf(by.principal), keyIdentity(by.key)].map((who) => `${isApproval} ${digest} ${who}`);
  for (const each of reviews)
    for (const digest of each.evidence)
      for (const key of keysOf(each, digest, each.isApproval)) decided.add(key);
  return reviews.filter((each) =>
    [...each.evidence].some((digest) =>
      keysOf(each, digest, !each.isApproval).some((key) => decided.has(key)),
    ),
  );
}

/** Returns what a review of this evidence lacks, as the end of a sentence; undefined where it was approved. */
export function reviewProblem(
  evidence: readonly Cited[],
  subject: Subject,
  reviews: Reviews,
): string | undefined {
  const digests = evidence.map(({ sha256 }) => sha256).filter((each) => !subject.images.has(each));
  const named = digests.length === 0 ? [subject.manifests[0].sha256] : digests;
  // Whoever rejects an image rejects all that is shown of it.
  const rejectable = [...named, ...subject.images];
  const rejected = reviews.counted.find(
    ({ isApproval, evidence: found }) => !isApproval && rejectable.some((each) => found.has(each)),
  );
  if (rejected !== undefined)
    return `an approval: ${rejected.piece.path}, by ${rejected.by.principal}, rejects it`;
  if (reviews.producers.length === 0)
    return 'the signature of the producer beside the build record: nobody is known to be another';
  const bare = evidence.find(({ sha256 }) => reviews.ofNobody.has(sha256));
  if (bare !== undefined)
    return `the signature of its producer beside ${bare.path}: nobody is known to be another`;
  let own: string | undefined;
  for (const { isApproval, evidence: found, by } of reviews.counted) {
    if (!isApproval || !named.every((each) => found.has(each))) continue;
    const isProducer =
      reviews.builderKeys.has(keyIdentity(by.key)) ||
      reviews.producers.some((producer) => mayBeOne(producer, by));
    if (!isProducer) return undefined;
    own = by.principal;
  }
  const what = 'an approving review that names this evidence by its digest';
  return own === undefined ? what : `${what}, of somebody else than ${own}, who produced it`;
}
