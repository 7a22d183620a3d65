// SPDX-License-Identifier: Apache-2.0
export { type BuilderProvenance, type OpenedAttestation, openBuilderAttestation } from './builder.js';
export {
  type Envelope,
  type EnvelopeSignature,
  formatEnvelope,
  parseEnvelope,
  splitEnvelopes,
} from './dsse/envelope.js';
export { preAuthEncoding } from './dsse/pae.js';
export { signStatement } from './dsse/sign.js';
export { verifyEnvelope } from './dsse/verify.js';
export { AttestationError, type AttestationErrorCode } from './error.js';
export { MAX_ATTESTATION_BYTES } from './json.js';
export { parseTrustedKey } from './key/public.js';
export { type AttestationSigner, takeAttestationKey } from './key/signer.js';
export { type LoadedPins, loadPins } from './load-pins.js';
export { type Pin, parsePins } from './pins.js';
export {
  externalParameters,
  type Provenance,
  provenanceStatement,
  type RecordedBuild,
} from './predicate/provenance.js';
export { spdxStatement } from './predicate/spdx.js';
export type { VerificationSummary } from './predicate/summary.js';
export { type RecordedBoot, type TestResult, testResultStatement } from './predicate/test-result.js';
export { PREDICATE_TYPE, type PredicateName } from './predicate/types.js';
export {
  type EvaluatedPromotion,
  type VerificationResult,
  verificationStatement,
} from './predicate/verification.js';
export type { DigestSet } from './statement/digest-set.js';
export type { ResourceDescriptor } from './statement/resource.js';
export { parseStatement, type ReadStatement, type Statement, type Subject } from './statement/statement.js';
export {
  type AttestationPolicy,
  type Attested,
  openAttestation,
  type VerifiedAttestation,
  verifyAttestation,
} from './verify.js';
