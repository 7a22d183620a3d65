// SPDX-License-Identifier: Apache-2.0
import { type FilePlace, readStableFile } from '@latticra/held-files';
import { parseAllowedSigners } from './allowed.js';
import { MAX_LIST_BYTES } from './lines.js';
import { assertSigner } from './pattern.js';
import type { SignerPolicy } from './policy.js';
import { parseRevokedKeys } from './revoked.js';

/** A list that was read, as it stood. */
export interface LoadedList {
  readonly bytes: Uint8Array;
  /** 64 hexadecimal digits of the very bytes that were parsed. */
  readonly sha256: string;
}

/** Whose signatures count, and the lists that say so. */
export interface LoadedSigners extends SignerPolicy {
  readonly allowedList: LoadedList;
  readonly revokedList: LoadedList | undefined;
}

/** Where the lists lie, and what else decides. */
export interface SignerSources {
  readonly allowedSigners: FilePlace;
  readonly revokedKeys?: FilePlace | undefined;
  readonly signer?: string | undefined;
  readonly at: Date;
}

/**
 * Reads the lists of allowed signers and of revoked keys.
 * @throws SignatureError `bad-allowed-signers`, `bad-revoked-keys`, `revocation-list`, `bad-signer`; HeldFileError
 */
export async function loadSigners({
  allowedSigners,
  revokedKeys,
  signer,
  at,
}: SignerSources): Promise<LoadedSigners> {
  if (signer !== undefined) assertSigner(signer);
  const allowedList = await readStableFile(allowedSigners, { maxBytes: MAX_LIST_BYTES });
  const revokedList =
    revokedKeys === undefined ? undefined : await readStableFile(revokedKeys, { maxBytes: MAX_LIST_BYTES });
  return {
    allowed: parseAllowedSigners(allowedList.bytes),
    revoked: revokedList === undefined ? undefined : parseRevokedKeys(revokedList.bytes),
    signer,
    // A signature has no time of its own, and neither do fractions of a second in a list.
    at: new Date(Math.floor(at.getTime() / 1000) * 1000),
    allowedList,
    revokedList,
  };
}
