// SPDX-License-Identifier: Apache-2.0
import { verify } from 'node:crypto';
import type { PublicKey } from '@latticra/signature';
import { refuse } from '../error.js';
import type { Envelope } from './envelope.js';
import { preAuthEncoding } from './pae.js';

/** The length of a signature of ed25519, in bytes (RFC 8032, section 5.1.6). */
const SIGNATURE_BYTES = 64;

/**
 * Returns which of the trusted keys signed an envelope, each once, in their order; signatures by others are passed over.
 * @throws AttestationError `not-verified`; `too-few-signers` for fewer than `threshold`
 */
export function verifyEnvelope(
  { payloadType, payload, signatures }: Envelope,
  trusted: readonly PublicKey[],
  threshold = 1,
): PublicKey[] {
  const message = preAuthEncoding(payloadType, payload);
  const distinct = [...new Map(trusted.map((key) => [key.fingerprint, key])).values()];
  const signers = distinct.filter((key) =>
    signatures.some(
      ({ sig }) =>
        key.type === 'ssh-ed25519' &&
        sig.length === SIGNATURE_BYTES &&
        verify(null, message, key.verifier, sig),
    ),
  );
  if (signers.length >= Math.max(1, threshold)) return signers;
  if (signers.length === 0) {
    throw refuse(
      'not-verified',
      'no signature of the envelope is one of its type and payload by a trusted key',
    );
  }
  throw refuse(
    'too-few-signers',
    `${signers.length} of the trusted keys signed, expected ${threshold}`,
    'have it signed by another of them',
  );
}
