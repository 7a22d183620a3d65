// SPDX-License-Identifier: Apache-2.0
import { requireSignature } from '@latticra/disk-image/inspect';
import { type Field, fields, formatDigest, quoteText, type Section } from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import { Failure } from '@latticra/failure';
import type { FilePlace, Measurement } from '@latticra/held-files';
import {
  authoriseMeasured,
  formatVerifyTime,
  type LoadedSigners,
  NAMESPACES,
  readSignatureFile,
  type SignatureFile,
  type VerifiedSignature,
} from '@latticra/signature';
import { ManifestError } from '../error.js';
import { UNSIGNED_LOCAL } from '../file-path.js';
import { requireFile } from '../inspected.js';

/** A signature that is to be verified once its artifact was measured. */
export interface SignatureToVerify {
  readonly signature: FilePlace;
  readonly signatureFile: SignatureFile;
}

/**
 * Reads the signature of an artifact before that is measured: it says by which hash.
 * @param artifact path of the artifact, for the message
 * @param path of the signature, or the word that stands in its place
 * @throws ManifestError `unsigned` where there is none, `format` for another kind of signature; SignatureError; HeldFileError
 */
export async function readForVerification(
  artifact: string,
  path: string,
  place: (path: string) => FilePlace,
): Promise<SignatureToVerify> {
  if (path === NONE || path === UNSIGNED_LOCAL) {
    throw new ManifestError('unsigned', `${artifact}: has no signature to verify, found ${path}`, {
      fix: 'sign it with latticra-os-image-sign and record the signature, or leave --allowed-signers out',
    });
  }
  const signature = place(path);
  try {
    return { signature, signatureFile: await readSignatureFile(signature, path) };
  } catch (error) {
    const isOther =
      error instanceof Failure && (error.code === 'not-a-signature' || error.code === 'too-large');
    // What it is instead says more.
    if (isOther) await assertSshSignature(signature, path);
    throw error;
  }
}

/** Refuses a file that is no signature, or one of another kind. */
async function assertSshSignature(signature: FilePlace, path: string): Promise<void> {
  const { format } = await requireFile(signature, path, requireSignature);
  if (format === 'ssh') return;
  throw new ManifestError(
    'format',
    `${path}: found a signature of ${format}, expected one of SSH to verify`,
    {
      fix: 'sign with latticra-os-image-sign, or leave --allowed-signers out',
    },
  );
}

/** Verifies the signature of an artifact that was measured. @throws SignatureError */
export function verifyArtifact(
  signature: SignatureFile,
  measurement: Measurement,
  signers: LoadedSigners,
): VerifiedSignature {
  return authoriseMeasured(signature, measurement, NAMESPACES.artifact, signers);
}

/** Makes the section that says whose signature was verified; none where none was. */
export function signatureSections(name: string, verified: VerifiedSignature | undefined): Section[] {
  if (verified === undefined) return [];
  const { principal, key, namespace, hash, digest } = verified;
  return [
    {
      name,
      fields: fields({
        signature_principal: principal,
        signature_key_type: key.type,
        signature_key_fingerprint: key.fingerprint,
        signature_namespace: namespace,
        signature_message_digest: `${hash}:${digest}`,
      }),
    },
  ];
}

/** Makes the section that says by what signatures were verified: the lists by their digests, the time, the signer. */
export function signersSections(signers: LoadedSigners | undefined): Section[] {
  if (signers === undefined) return [];
  const { allowed, allowedList, revokedList, signer, at } = signers;
  const ignored: Field[] = allowed.authorities.map(({ line, principals }, index) => ({
    key: `ignored_cert_authority_${String(index + 1).padStart(2, '0')}`,
    value: `line ${line}: ${quoteText(principals.join(','))}`,
  }));
  return [
    {
      name: 'signers',
      fields: [
        ...fields({
          allowed_signers_sha256: formatDigest(allowedList.sha256),
          revoked_keys_sha256: revokedList === undefined ? NONE : formatDigest(revokedList.sha256),
          ...(signer === undefined ? {} : { required_signer: signer }),
          verify_time: formatVerifyTime(at),
        }),
        ...ignored,
      ],
    },
  ];
}
