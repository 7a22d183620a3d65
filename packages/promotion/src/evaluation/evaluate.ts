// SPDX-License-Identifier: Apache-2.0
import { join, sep } from 'node:path';
import { Failure } from '@latticra/failure';
import { NAMESPACES } from '@latticra/signature';
import type { Evidence, Piece, Refused } from '../evidence/piece.js';
import { reasonFor } from '../evidence/reason.js';
import { walkEvidence } from '../evidence/walk.js';
import type { Context } from '../fields/context.js';
import { logsIn } from '../fields/logs.js';
import { FIELD_NAMES, type FieldName, needsReview } from '../fields/names.js';
import { missing, type Outcome } from '../fields/outcome.js';
import { FIELDS } from '../fields/table.js';
import { inEvidence, PLACEHOLDERS } from '../next/command.js';
import { manifestCommand } from '../next/manifest.js';
import { signCommand } from '../next/sign.js';
import { unusedPath } from '../next/unused-path.js';
import { type Build, buildsIn } from '../release/build.js';
import { refusedChecksums } from '../release/checksums.js';
import { checkManifests } from '../release/manifests.js';
import { provenancesOf } from '../release/provenance.js';
import { refusedSignatures } from '../release/signatures.js';
import { Signers } from '../release/signers.js';
import { type Subject, subjectOf } from '../release/subject.js';
import { unnamedTexts } from '../release/texts.js';
import { type EvaluateOptions, type WholeOptions, wholeOptions } from './options.js';
import { type Reviews, reviewProblem, reviewsOf } from './reviews.js';

/** What a folder of evidence comes to. */
export interface Evaluation {
  readonly subject: Subject | undefined;
  readonly system: Build['system'] | undefined;
  readonly outcomes: Readonly<Record<FieldName, Outcome>>;
  /** Whether every field is satisfied, and what satisfies it approved by somebody else than its producer. */
  readonly isReviewed: boolean;
  readonly evidence: Evidence;
  /** The folder of reviews, where there is one of its own. */
  readonly reviews: Evidence | undefined;
  /** Texts that no document names. */
  readonly unnamed: readonly Piece[];
  /** What lies among the reviews, and not in the folder of evidence as well; empty where no reviews were asked for. */
  readonly amongReviews: readonly Piece[];
  /** What could not be taken as evidence, of reviews too. */
  readonly refused: readonly Refused[];
}

/**
 * Derives each field of a promotion from a folder of evidence, which is verified again now. Whatever is malformed is named, and the
 * other fields are answered all the same.
 *
 * @example
 * import { resolve } from 'node:path';
 * import { evaluatePromotion, readPolicy } from '@latticra/promotion';
 *
 * const lists = { 'allowed-signers': 'allowed_signers', 'revoked-keys': undefined, 'verify-time': undefined };
 * const { outcomes } = await evaluatePromotion({
 *   ...(await readPolicy(lists, process.cwd())),
 *   evidenceDir: resolve('evidence'),
 *   reviewsDir: resolve('reviews'),
 * });
 * console.log(outcomes.sbom_recorded);
 *
 * @throws HeldFileError for a folder that is not there; PromotionError `bad-evidence` where nobody knows which release is meant
 */
export async function evaluatePromotion(given: EvaluateOptions): Promise<Evaluation> {
  const options = wholeOptions(given);
  const { evidenceDir, reviewsDir, artifactManifest, policy } = options;
  const evidence = await walkEvidence(evidenceDir, options);
  const reviewFolder =
    reviewsDir === undefined ? undefined : await walkEvidence(reviewsDir, { ...options, lent: undefined });
  const byPath = new Map(evidence.pieces.map((piece) => [piece.path, piece]));
  const amongReviews = elsewhere(reviewFolder, evidence);
  const signers = new Signers(policy, [...evidence.pieces, ...(reviewFolder?.pieces ?? [])]);
  const manifests = await checkManifests(evidence, byPath);
  const refused = [
    ...evidence.refused,
    ...(reviewFolder?.refused ?? []),
    ...manifests.refused,
    ...refusedChecksums(evidence, byPath),
    ...refusedSignatures(evidence, signers),
  ];
  const allBuilds = buildsIn(evidence, signers);
  const unnamed = unnamedTexts(evidence, byPath, allBuilds);
  const subject = subjectOf(manifests.valid, artifactManifest);
  if (subject === undefined) {
    const none = missing('an artifact manifest that holds', manifestCommand({ evidence, builds: allBuilds }));
    return {
      subject,
      system: undefined,
      outcomes: forAll(() => none),
      isReviewed: false,
      evidence,
      reviews: reviewFolder,
      unnamed,
      amongReviews,
      refused,
    };
  }
  const builds = allBuilds.filter(({ iso, vmImages }) =>
    [iso, ...vmImages].some((image) => image !== undefined && subject.images.has(image)),
  );
  const logs = logsIn(evidence);
  const attested = provenancesOf(evidence, subject);
  const tag = await tagOf([...builds, ...attested.found], options);
  const context: Context = {
    evidence,
    byPath,
    subject,
    builds,
    attested: attested.found,
    signers,
    logs,
    tag,
  };
  const found = forAll((name) => FIELDS[name](context));
  const reviews = reviewsOf(
    [evidence, ...(reviewFolder === undefined ? [] : [reviewFolder])],
    subject,
    { builds, attested: attested.found },
    signers,
  );
  const review: Reviewing = { evidence, subject, reviews, signers };
  const isAsked = (name: FieldName) => needsReview(name) || reviewsDir !== undefined;
  const outcomes = forAll((name) => (isAsked(name) ? reviewed(found[name], review) : found[name]));
  return {
    subject,
    system: builds[0]?.system,
    outcomes,
    isReviewed: FIELD_NAMES.every((name) => reviewed(found[name], review).evidence !== undefined),
    evidence,
    reviews: reviewFolder,
    unnamed,
    amongReviews,
    refused: [...refused, ...attested.refused, ...reviews.refused],
  };
}

/** Lists what lies in a folder and not in another: one may lie in the other. */
function elsewhere(folder: Evidence | undefined, { root }: Evidence): readonly Piece[] {
  if (folder === undefined) return [];
  const isInside = (path: string) => path === root || path.startsWith(`${root}${sep}`);
  return folder.pieces.filter(({ path }) => !isInside(join(folder.root, path)));
}

/** As many files as a command names. */
const MOST_NAMED = 8;

const forAll = (outcome: (name: FieldName) => Outcome) =>
  Object.fromEntries(FIELD_NAMES.map((name) => [name, outcome(name)])) as Record<FieldName, Outcome>;

/** What a review is looked for in. */
interface Reviewing extends Pick<Context, 'evidence' | 'subject' | 'signers'> {
  readonly reviews: Reviews;
}

/** Returns the outcome of a field that has to be reviewed. */
function reviewed(outcome: Outcome, { evidence, subject, reviews, signers }: Reviewing): Outcome {
  if (outcome.evidence === undefined) return outcome;
  const problem = reviewProblem(outcome.evidence, subject, reviews);
  if (problem === undefined) return outcome;
  const unsigned = evidence.pieces.find(({ sha256 }) => reviews.ofNobody.has(sha256));
  // Nothing is reviewed before somebody is known to have built it.
  if (unsigned !== undefined) return missing(problem, signCommand(unsigned, NAMESPACES.build, signers));
  const named = outcome.evidence.slice(0, MOST_NAMED).map(({ path }) => inEvidence(path));
  return missing(problem, {
    words: [
      'latticra-os-image-review-record',
      ...['--artifact-manifest', inEvidence(subject.manifests[0].path)],
      ...['--evidence', ...named],
      ...['--reviewer', PLACEHOLDERS.reviewer, '--decision', 'approve', '--key', PLACEHOLDERS.reviewerKey],
      ...['--output', unusedPath(evidence, 'review', '.txt')],
    ],
  });
}

/** Asks what the tag of the first build stands for; the others have to name the same one. */
async function tagOf(
  [build]: readonly Pick<Build, 'source'>[],
  { checkTag }: WholeOptions,
): Promise<Context['tag']> {
  if (build === undefined) return 'none';
  try {
    return await checkTag(build.source);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { problem: reasonFor(error) };
  }
}
