// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * Of an envelope:
 * - `not-json`: no JSON with one meaning, or more of it than is taken; a name that stands twice is one of these.
 * - `not-an-envelope`: JSON of another shape than DSSE has.
 * - `sigstore-bundle`: a Sigstore bundle, whose key is in a certificate.
 * - `bad-base64`: a payload or signature that is no base64, or has more than one form.
 * - `no-signature`: an envelope without any signature.
 * - `doubled-signature`: one signature twice.
 * - `payload-type`: a type of payload that is no in-toto statement's.
 * - `not-verified`: no signature is one of this type and payload by a trusted key.
 * - `too-few-signers`: fewer trusted keys signed than are asked for.
 *
 * Of a statement:
 * - `statement-type`: another version of statement than v1.
 * - `not-a-statement`: JSON of another shape than a statement or its predicate has.
 * - `predicate-type`: a predicate that was not asked for.
 * - `weak-digest`: a subject without a digest that counts.
 * - `bad-digest`: a digest in another form than lower-case hexadecimal of its length.
 * - `other-subject`: none of the files at hand is a subject, or a subject is none of them.
 *
 * Of what it says:
 * - `not-pinned`: by a key that is not pinned to that builder or verifier.
 * - `build-type`, `parameter`: a build of another kind, or with a parameter that nobody expects, or another value.
 * - `not-passed`: a result that is not the one that is asked for.
 *
 * Of keys:
 * - `bad-key`: a key that is none, or not of ed25519.
 * - `encrypted-key`: a private key with a passphrase.
 * - `exposed-key`: a private key that others can read.
 * - `no-agent`, `agent-refused`: no agent to be asked, or one that did not sign.
 */
export type AttestationErrorCode =
  | 'not-json'
  | 'not-an-envelope'
  | 'sigstore-bundle'
  | 'bad-base64'
  | 'no-signature'
  | 'doubled-signature'
  | 'payload-type'
  | 'not-verified'
  | 'too-few-signers'
  | 'statement-type'
  | 'not-a-statement'
  | 'predicate-type'
  | 'weak-digest'
  | 'bad-digest'
  | 'other-subject'
  | 'not-pinned'
  | 'build-type'
  | 'parameter'
  | 'not-passed'
  | 'bad-key'
  | 'encrypted-key'
  | 'exposed-key'
  | 'no-agent'
  | 'agent-refused';

const KIND: Partial<Record<AttestationErrorCode, FailureKind>> = {
  'no-agent': 'tool-missing',
  'agent-refused': 'unfulfilled',
};

/** What this package refuses. */
export class AttestationError extends Failure<AttestationErrorCode> {
  constructor(code: AttestationErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'data', message, details);
  }
}

/** Makes the error about an attestation that is not taken: nothing in it is for editing. */
export const refuse = (
  code: AttestationErrorCode,
  message: string,
  fix = 'get the attestation again from where it came, or make it again',
) => new AttestationError(code, message, { fix });
