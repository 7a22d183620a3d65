// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * Of a signature's file:
 * - `not-a-signature`: does not begin as an SSH signature does.
 * - `bad-armour`: begins so, and is cut, or has something in it or behind it that does not belong there.
 * - `bad-signature`: an armour whose content breaks the format.
 * - `unsupported`: a key or signature of another algorithm.
 * - `certificate`: signed by, or listed as, an OpenSSH certificate.
 * - `webauthn`: signed in a browser.
 * - `no-presence`: a security key signed without being touched.
 *
 * Of keys:
 * - `bad-key`: a public key that breaks its format.
 * - `weak-key`: RSA below 2048 bits, or an ed25519 key that verifies anything.
 * - `weak-hash`: a signature over SHA-1.
 * - `bad-private-key`: a private key file that is none, or not of ed25519.
 * - `encrypted-key`: a private key file with a passphrase.
 *
 * Of who signed what:
 * - `not-verified`: not a signature of these bytes by this key.
 * - `unsigned`: no signature where one has to be.
 * - `other-namespace`: a signature made for another purpose.
 * - `not-allowed`: the key is not among the allowed signers.
 * - `namespace-not-allowed`: the key is, for other purposes.
 * - `not-yet-valid`, `expired`: the key is, at another time.
 * - `revoked`: the key is on the list of revoked keys.
 * - `other-signer`: the key is allowed, and not that signer's.
 * - `ambiguous-signer`: more than one name fits the key, and none was given.
 *
 * Of the lists and requests:
 * - `bad-allowed-signers`, `bad-revoked-keys`: a line that cannot be read; the message has its number.
 * - `revocation-list`: a binary key revocation list (KRL), which is not read.
 * - `bad-signer`: a signer's name that is a pattern or no name.
 * - `bad-request`: a flag that goes with another one, or a time that is none.
 *
 * Of signing:
 * - `not-signed`: ssh-keygen made no signature, or another one than it was asked for.
 * - `signature-exists`: a signature, or a declaration that there is none, lies already where one would be written.
 */
export type SignatureErrorCode =
  | 'not-a-signature'
  | 'bad-armour'
  | 'bad-signature'
  | 'unsupported'
  | 'certificate'
  | 'webauthn'
  | 'no-presence'
  | 'bad-key'
  | 'weak-key'
  | 'weak-hash'
  | 'bad-private-key'
  | 'encrypted-key'
  | 'not-verified'
  | 'unsigned'
  | 'other-namespace'
  | 'not-allowed'
  | 'namespace-not-allowed'
  | 'not-yet-valid'
  | 'expired'
  | 'revoked'
  | 'other-signer'
  | 'ambiguous-signer'
  | 'bad-allowed-signers'
  | 'bad-revoked-keys'
  | 'revocation-list'
  | 'bad-signer'
  | 'bad-request'
  | 'not-signed'
  | 'signature-exists';

/** Codes whose kind is another than `data`. */
const KIND: Partial<Record<SignatureErrorCode, FailureKind>> = {
  'bad-signer': 'usage',
  'bad-request': 'usage',
  'not-signed': 'unfulfilled',
  'signature-exists': 'cannot-create',
};

/** Thrown by everything in this package. */
export class SignatureError extends Failure<SignatureErrorCode> {
  constructor(code: SignatureErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'data', message, details);
  }
}

/** What to do about a signature that is damaged or was made in a way that is not taken. */
export const SIGN_AGAIN = 'get the signature again from where it came, or sign again with ssh-keygen -Y sign';
