// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  type EvidenceDocument,
  fields,
  formatDigest,
  isSha256Hex,
  type Section,
} from '@latticra/evidence-format';
import type { FilePlace } from '@latticra/held-files';
import {
  authoriseMeasured,
  formatVerifyTime,
  type LoadedSigners,
  loadSigners,
  NAMESPACES,
  parseVerifyTime,
  readSignatureFile,
  SignatureError,
  type SshSignature,
  type VerifiedSignature,
  verifySignature,
} from '@latticra/signature';
import { damaged, OperatorBundleError } from './error.js';
import { BUNDLE_FILE } from './names.js';

/** By what the signatures of a bundle were verified when it was made: the lists by their digests, the signer, the time. */
export interface VerifiedBy {
  /** 64 hexadecimal digits each. */
  readonly allowedSigners: string;
  readonly revokedKeys: string | undefined;
  readonly signer: string | undefined;
  readonly time: string;
}

/** Returns by what signatures are verified, as a report records it. */
export function verifiedBy(signers: LoadedSigners | undefined): VerifiedBy | undefined {
  if (signers === undefined) return undefined;
  const { allowedList, revokedList, signer, at } = signers;
  return {
    allowedSigners: allowedList.sha256,
    revokedKeys: revokedList?.sha256,
    signer,
    time: formatVerifyTime(at),
  };
}

/** Makes the lines of a report about that; none where nothing was verified. */
export function verifiedByFields(by: VerifiedBy | undefined): EvidenceDocument['fields'] {
  if (by === undefined) return [];
  return fields({
    allowed_signers_sha256: formatDigest(by.allowedSigners),
    ...(by.revokedKeys === undefined ? {} : { revoked_keys_sha256: formatDigest(by.revokedKeys) }),
    ...(by.signer === undefined ? {} : { required_signer: by.signer }),
    verify_time: by.time,
  });
}

/** Reads those lines; undefined where they are not there. */
export function readVerifiedBy(values: ReadonlyMap<string, string>): VerifiedBy | undefined {
  const digest = (key: string) => {
    const hex = values.get(key)?.replace(/^sha256:/, '');
    return hex !== undefined && isSha256Hex(hex) ? hex : undefined;
  };
  const [allowedSigners, time] = [digest('allowed_signers_sha256'), values.get('verify_time')];
  if (allowedSigners === undefined || time === undefined) return undefined;
  return {
    allowedSigners,
    revokedKeys: digest('revoked_keys_sha256'),
    signer: values.get('required_signer'),
    time,
  };
}

/** Returns the names of the lists that a bundle carries. */
export function listNames(by: VerifiedBy | undefined): string[] {
  if (by === undefined) return [];
  return [BUNDLE_FILE.allowedSigners, ...(by.revokedKeys === undefined ? [] : [BUNDLE_FILE.revokedKeys])];
}

/**
 * Reads the lists that lie in a bundle, to make its documents again as they were made. They say by whose word the bundle calls its
 * signatures verified; whose word counts for the one who verifies it is another question.
 * @param place finds a file of the bundle
 * @throws OperatorBundleError `damaged`; SignatureError
 */
export async function bundledSigners(
  by: VerifiedBy,
  place: (name: string) => FilePlace,
): Promise<LoadedSigners> {
  const { allowedSigners, revokedKeys } = BUNDLE_FILE;
  const signers = await loadSigners({
    allowedSigners: place(allowedSigners),
    revokedKeys: by.revokedKeys === undefined ? undefined : place(revokedKeys),
    signer: by.signer,
    at: readTime(by.time),
  });
  const { allowedList, revokedList } = signers;
  if (allowedList.sha256 !== by.allowedSigners || revokedList?.sha256 !== by.revokedKeys) {
    throw damaged(`${allowedSigners}: is not the list by which the bundle says that it was verified`);
  }
  return signers;
}

function readTime(text: string): Date {
  try {
    return parseVerifyTime(text);
  } catch {
    throw damaged(`${BUNDLE_FILE.report}: does not say at what time signatures were verified`);
  }
}

/** What was found of the signature of a bundle's checksums. */
export type ChecksumsSignature =
  | { readonly status: 'none' }
  | { readonly status: 'present-unverified'; readonly signature: SshSignature }
  | { readonly status: 'verified'; readonly verified: VerifiedSignature };

/**
 * Reads the signature of a bundle's checksums, which has to be one of them in any case, and by whom it has to be where that is
 * said.
 * @param bytes of SHA256SUMS
 * @throws SignatureError; OperatorBundleError `damaged`
 */
export async function readChecksumsSignature(
  place: FilePlace,
  bytes: Uint8Array,
  signers: LoadedSigners | undefined,
): Promise<ChecksumsSignature> {
  const name = BUNDLE_FILE.checksumsSignature;
  const file = await readSignatureFile(place, name);
  const { signature } = file;
  const digest = createHash(signature.hash).update(bytes).digest();
  if (signers !== undefined) {
    const sums = { sha256: '', sha512: '', [signature.hash]: digest.toString('hex') };
    return { status: 'verified', verified: authoriseMeasured(file, sums, NAMESPACES.artifact, signers) };
  }
  try {
    verifySignature(signature, digest);
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    throw damaged(`${name}: ${cause.message}`);
  }
  if (signature.namespace !== NAMESPACES.artifact) {
    throw damaged(
      `${name}: is a signature for ${signature.namespace}, expected one for ${NAMESPACES.artifact}`,
    );
  }
  return { status: 'present-unverified', signature };
}

/** Makes the error for checksums that nobody signed, where somebody has to have. */
export function unsignedChecksums(): OperatorBundleError {
  const { checksumsSignature, checksums } = BUNDLE_FILE;
  return new OperatorBundleError('damaged', `${checksumsSignature}: is not there: nobody signed the bundle`, {
    fix: `have who made it sign it, with latticra-os-image-sign --artifact ${checksums}, or do without --allowed-signers`,
  });
}

/** Makes the section on that signature; none where there is no signature. */
export function checksumsSignatureSection(found: ChecksumsSignature): Section[] {
  if (found.status === 'none') return [];
  const key = found.status === 'verified' ? found.verified.key : found.signature.key;
  return [
    {
      name: 'bundle_signature',
      fields: fields({
        bundle_signature_path: BUNDLE_FILE.checksumsSignature,
        bundle_signature_status: found.status,
        ...(found.status === 'verified' ? { signature_principal: found.verified.principal } : {}),
        signature_key_type: key.type,
        signature_key_fingerprint: key.fingerprint,
      }),
    },
  ];
}
