// SPDX-License-Identifier: Apache-2.0
import {
  type FilePlace,
  type Measurement,
  measureOpen,
  type StableFile,
  withStableFile,
} from '@latticra/held-files';
import { SignatureError } from './error.js';
import type { Namespace } from './namespace.js';
import { parseSignature, type SshSignature } from './parse/signature.js';
import { runSshKeygen, type SigningOptions } from './ssh-keygen.js';
import { verifySignature } from './verify.js';

/** What to sign, with what, for what. */
export interface SignFileRequest {
  readonly file: FilePlace;
  /** Absolute path of the private key, or of the `.pub` file of one that an agent holds. */
  readonly key: string;
  readonly namespace: Namespace;
}

/** What may be done with the file meanwhile, besides what signing takes. */
export interface SignFileOptions extends SigningOptions {
  /** Takes the number of bytes of the file that each step of the first read added. */
  readonly onBytes?: (count: number) => void;
  /** Refuses the file for what it is, through the descriptor that is signed, before anybody is asked for a key. */
  readonly look?: (file: StableFile, measurement: Measurement) => void | Promise<void>;
}

/** A file that was signed. */
export interface SignedFile {
  /** The file of the signature, as ssh-keygen wrote it. */
  readonly armour: Uint8Array;
  /** What was read back of it, and verified. */
  readonly signature: SshSignature;
  readonly measurement: Measurement;
}

/**
 * Signs a file with any key that ssh-keygen takes. The file is held open, measured, handed to ssh-keygen through that
 * descriptor, and the signature verified against what was measured, all in constant memory.
 * @throws SignatureError `not-signed`, also for a signature that does not hold; ToolchainError; HeldFileError, also for the key
 */
export function signFile(
  { file, key, namespace }: SignFileRequest,
  options: SignFileOptions,
): Promise<SignedFile> {
  const { onBytes, look } = options;
  return withStableFile(file, async (held) => {
    // A key that is not there is told before gigabytes are read.
    await withStableFile(key, () => undefined);
    const measurement = await measureOpen(held, onBytes === undefined ? {} : { onBytes });
    await look?.(held, measurement);
    const printed = await runSshKeygen(held.fd, { key, namespace }, options);
    const armour = Buffer.from(printed, 'latin1');
    return { armour, signature: readBack(armour, measurement, namespace), measurement };
  });
}

/** Reads what ssh-keygen printed, and refuses what is not the signature that it was asked for. */
function readBack(armour: Uint8Array, { path, sha256 }: Measurement, namespace: Namespace): SshSignature {
  const signature = parseSignature(armour);
  if (signature.hash !== 'sha256' || signature.namespace !== namespace) {
    throw new SignatureError(
      'not-signed',
      `${path}: ssh-keygen signed ${signature.hash} for ${signature.namespace}, expected sha256 for ${namespace}`,
      { fix: 'update OpenSSH: -O hashalg is known since 8.9' },
    );
  }
  verifySignature(signature, Buffer.from(sha256, 'hex'));
  return signature;
}
