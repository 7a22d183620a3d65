// SPDX-License-Identifier: Apache-2.0
import { AttestationError, openAttestation, splitEnvelopes } from '@latticra/attestation';
import type { PublicKey } from '@latticra/signature';
import { bad, type TopFile } from './folder.js';

/**
 * Holds attestations against the files that a bundle carries: each is signed by a key of the lists, and is of these files and no other.
 * @param digests of everything that is carried: 64 hexadecimal digits each
 * @throws OperatorBundleError `bad-promotion` naming the first that is not
 */
export function checkAttestations(
  files: readonly TopFile[],
  keys: readonly PublicKey[],
  digests: ReadonlySet<string>,
): void {
  for (const { path, bytes } of files) {
    try {
      for (const envelope of splitEnvelopes(bytes)) checkEnvelope(path, envelope, keys, digests);
    } catch (cause) {
      if (!(cause instanceof AttestationError)) throw cause;
      throw bad(`${path}: ${cause.code}: ${cause.message}`, cause);
    }
  }
}

function checkEnvelope(
  path: string,
  bytes: Uint8Array,
  keys: readonly PublicKey[],
  digests: ReadonlySet<string>,
): void {
  const { statement } = openAttestation(bytes, { trusted: keys });
  for (const { name, digest } of statement.subjects) {
    const sha256 = digest?.sha256;
    if (sha256 !== undefined && digests.has(sha256)) continue;
    throw bad(
      `${path}: is of ${JSON.stringify(name ?? '')}, sha256:${sha256 ?? 'none'}, which is no file of the bundle`,
    );
  }
}
