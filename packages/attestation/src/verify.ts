// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import type { PublicKey } from '@latticra/signature';
import { parseEnvelope } from './dsse/envelope.js';
import { assertPayloadType } from './dsse/payload-type.js';
import { verifyEnvelope } from './dsse/verify.js';
import { refuse } from './error.js';
import type { Shape } from './json.js';
import { assertPinned, type Pin } from './pins.js';
import { type Provenance, readProvenance } from './predicate/provenance.js';
import { readSpdx } from './predicate/spdx.js';
import { readSummary, type VerificationSummary } from './predicate/summary.js';
import { readTestResult, type TestResult } from './predicate/test-result.js';
import { type PredicateName, predicateNamed } from './predicate/types.js';
import { readVerification, type VerificationResult } from './predicate/verification.js';
import { sha256Of } from './statement/digest-set.js';
import { parseStatement, type ReadStatement, type Subject } from './statement/statement.js';

/** What an attestation is held against. */
export interface AttestationPolicy {
  /** Whose signatures count. */
  readonly trusted: readonly PublicKey[];
  /** How many of them have to have signed; 1 unless given. */
  readonly threshold?: number | undefined;
  /** The kinds that are asked for; all that are known unless given. */
  readonly kinds?: readonly PredicateName[] | undefined;
  /** The files that were measured: at least one has to be a subject. */
  readonly files: readonly Subject[];
  /** Whether subjects that are none of the files are passed over; else they are refused. */
  readonly allowOthers?: boolean | undefined;
  /** Pairs of a builder's or verifier's id and a key. Without one no provenance and no verification counts. */
  readonly pins: readonly Pin[];
  /** What is expected of a build: its kind, and every parameter that it may have. */
  readonly build?:
    | { readonly buildType: string; readonly parameters: Readonly<Record<string, string>> }
    | undefined;
  /** What is expected of a verification summary. */
  readonly summary?: { readonly resourceUri: string; readonly levels: readonly string[] } | undefined;
}

/** What an attestation says. */
export type Attested =
  | ({ readonly kind: 'provenance' } & Provenance)
  | ({ readonly kind: 'testResult' } & TestResult)
  | { readonly kind: 'spdx'; readonly document: Uint8Array }
  | ({ readonly kind: 'verification' } & VerificationResult)
  | ({ readonly kind: 'summary' } & VerificationSummary);

/** An attestation that was verified. */
export interface VerifiedAttestation {
  /** The trusted keys that signed it, each once. */
  readonly signers: readonly PublicKey[];
  /** Those of the files that it is about, as they were named by whoever measured them. */
  readonly subjects: readonly Subject[];
  readonly says: Attested;
}

/**
 * Verifies an attestation, in the order in which nothing is believed before it is known who says it: JSON with one meaning, a
 * signature, a known type, a trusted key, and only then the statement, its kind, its subjects, and what it says.
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { parseTrustedKey, verifyAttestation } from '@latticra/attestation';
 *
 * const { signers, says } = verifyAttestation(readFileSync('build.intoto.jsonl'), {
 *   trusted: [parseTrustedKey(readFileSync('builder.pub'))],
 *   files: [{ name: 'os.iso', sha256: 'a'.repeat(64) }],
 *   pins: [],
 * });
 * console.log(signers.length, says.kind);
 *
 * @param bytes one envelope
 * @throws AttestationError of every code about envelopes, statements, and what they say
 */
export function verifyAttestation(bytes: Uint8Array, policy: AttestationPolicy): VerifiedAttestation {
  const { signers, kind, statement } = openAttestation(bytes, policy);
  const subjects = subjectsOf(statement, policy);
  return { signers, subjects, says: contentOf(kind, statement.predicate, signers, policy) };
}

/**
 * Takes an attestation through the checks that come before its subjects and what it says of them.
 * @throws AttestationError of every code about envelopes and statements
 */
export function openAttestation(
  bytes: Uint8Array,
  { trusted, threshold, kinds }: Pick<AttestationPolicy, 'trusted' | 'threshold' | 'kinds'>,
): {
  readonly signers: readonly PublicKey[];
  readonly kind: PredicateName;
  readonly statement: ReadStatement;
} {
  const envelope = parseEnvelope(bytes);
  assertPayloadType(envelope.payloadType);
  const signers = verifyEnvelope(envelope, trusted, threshold);
  const statement = parseStatement(envelope.payload);
  return { signers, kind: kindOf(statement, kinds), statement };
}

function kindOf(
  { predicateType }: ReadStatement,
  kinds: readonly PredicateName[] | undefined,
): PredicateName {
  const kind = predicateNamed(predicateType);
  if (kind !== undefined && kinds?.includes(kind) !== false) return kind;
  throw refuse(
    'predicate-type',
    `a predicate of the type ${quoteText(predicateType)}, which ${kind === undefined ? 'is not known' : 'was not asked for'}`,
    'ask for attestations of the kind that you need',
  );
}

/** Returns the files that a statement is about, by the digests that were measured: names prove nothing. */
function subjectsOf(
  { subjects }: ReadStatement,
  { files, allowOthers }: AttestationPolicy,
): readonly Subject[] {
  const digests = subjects.map(({ digest }) => sha256Of(digest));
  const own = files.filter(({ sha256 }) => digests.includes(sha256));
  if (own.length === 0) {
    throw refuse(
      'other-subject',
      'none of the files at hand is a subject of it',
      'give the files that it is about, as they are',
    );
  }
  const measured = new Set(files.map(({ sha256 }) => sha256));
  const at = digests.findIndex((digest) => digest === undefined || !measured.has(digest));
  if (at < 0 || allowOthers === true) return own;
  const name = subjects[at]?.name ?? 'a subject without a name';
  throw refuse(
    'other-subject',
    `it is about ${quoteText(name)} as well, sha256:${digests[at]}, which is none of the files at hand`,
    'give that file too, or allow other subjects',
  );
}

function contentOf(
  kind: PredicateName,
  predicate: Shape,
  signers: readonly PublicKey[],
  policy: AttestationPolicy,
): Attested {
  switch (kind) {
    case 'provenance': {
      const provenance = readProvenance(predicate);
      assertPinned('builder', provenance.builderId, signers, policy.pins);
      assertBuild(provenance, policy.build);
      return { kind, ...provenance };
    }
    case 'testResult':
      return { kind, ...readTestResult(predicate) };
    case 'spdx':
      return { kind, document: readSpdx(predicate) };
    case 'verification': {
      const result = readVerification(predicate);
      assertPinned('verifier', result.verifierId, signers, policy.pins);
      return { kind, ...result };
    }
    case 'summary': {
      const summary = readSummary(predicate);
      assertPinned('verifier', summary.verifierId, signers, policy.pins);
      assertSummary(summary, policy.summary);
      return { kind, ...summary };
    }
  }
}

function assertBuild({ buildType, externalParameters }: Provenance, build: AttestationPolicy['build']): void {
  if (build === undefined || buildType !== build.buildType) {
    throw refuse(
      'build-type',
      `a build of the type ${quoteText(buildType)}, expected ${build === undefined ? 'none: nothing is known of how it is to be built' : quoteText(build.buildType)}`,
      'say which build is expected, with its type and its parameters',
    );
  }
  const { parameters } = build;
  const bad = (name: string, what: string) =>
    refuse(
      'parameter',
      `the parameter ${quoteText(name)} ${what}`,
      'say which value is expected, if it is right',
    );
  for (const name of externalParameters.keys) {
    const found = externalParameters.get(name);
    if (!Object.hasOwn(parameters, name)) throw bad(name, 'is not expected');
    const text = typeof found === 'string' ? found : JSON.stringify(found);
    if (text !== parameters[name]) {
      throw bad(name, `is ${quoteText(text)}, expected ${quoteText(parameters[name] ?? '')}`);
    }
  }
  const missing = Object.keys(parameters).find((name) => externalParameters.get(name) === undefined);
  if (missing !== undefined) throw bad(missing, 'is missing');
}

function assertSummary(found: VerificationSummary, expected: AttestationPolicy['summary']): void {
  if (found.result !== 'PASSED') {
    throw refuse(
      'not-passed',
      'the verification summary says FAILED',
      'see why it failed, with who verified it',
    );
  }
  if (expected === undefined || expected.resourceUri !== found.resourceUri) {
    throw refuse(
      'parameter',
      `a summary about ${quoteText(found.resourceUri)}, expected ${quoteText(expected?.resourceUri ?? 'none')}`,
      'say which resource is expected',
    );
  }
  const missing = expected.levels.find((level) => !found.levels.includes(level));
  if (missing === undefined) return;
  throw refuse(
    'not-passed',
    `the summary does not say ${quoteText(missing)}`,
    'ask for a level that was verified',
  );
}
