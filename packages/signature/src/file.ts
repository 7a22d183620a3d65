// SPDX-License-Identifier: Apache-2.0
import {
  type FilePlace,
  type Measurement,
  type MeasureOptions,
  pathOf,
  readStableFile,
} from '@latticra/held-files';
import { authorise, type VerifiedSignature } from './authorise.js';
import { SignatureError } from './error.js';
import type { Namespace } from './namespace.js';
import { MAX_SIGNATURE_BYTES, parseSignature, type SshSignature } from './parse/signature.js';
import type { SignerPolicy } from './signers/policy.js';

/** A signature and where it was read. */
export interface SignatureFile {
  /** For messages. */
  readonly path: string;
  readonly signature: SshSignature;
}

/**
 * Reads the file of a signature. It is read before the file that it is of, because it says by which hash that is measured.
 * @param shown the path in messages
 * @throws SignatureError as `parseSignature`, with the path before it; HeldFileError
 */
export async function readSignatureFile(place: FilePlace, shown = pathOf(place)): Promise<SignatureFile> {
  const { bytes } = await readStableFile(place, { maxBytes: MAX_SIGNATURE_BYTES });
  return { path: shown, signature: told(shown, () => parseSignature(bytes)) };
}

/** Returns what a measurement has to be asked for, so that these signatures can be verified by it. */
export function hashesFor(
  ...signatures: readonly (SignatureFile | undefined)[]
): Pick<MeasureOptions, 'sha512'> {
  return signatures.some((each) => each?.signature.hash === 'sha512') ? { sha512: true } : {};
}

/**
 * Verifies a signature of a file that was measured, and finds out whose it is.
 * @param measurement made with {@link hashesFor}
 * @throws SignatureError as `authorise`, with the path of the signature before it
 */
export function authoriseMeasured(
  { path, signature }: SignatureFile,
  measurement: Pick<Measurement, 'sha256' | 'sha512'>,
  namespace: Namespace,
  policy: SignerPolicy,
): VerifiedSignature {
  const digest = Buffer.from(measurement[signature.hash], 'hex');
  return told(path, () => authorise(signature, digest, namespace, policy));
}

/** Puts the path before what is said of a signature. */
function told<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    const { code, message, fix } = cause;
    throw new SignatureError(code, `${path}: ${message}`, { cause, ...(fix !== undefined && { fix }) });
  }
}
