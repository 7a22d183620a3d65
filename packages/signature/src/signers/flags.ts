// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { SignatureError } from '../error.js';
import { type LoadedSigners, loadSigners } from './load.js';
import { parseVerifyTime } from './verify-time.js';

/** The flags of a lane that verifies signatures. */
export const SIGNER_FLAGS = {
  'allowed-signers': {
    value: 'path',
    help: 'verify every signature by this list of who may sign, or refuse: see ALLOWED SIGNERS in ssh-keygen(1)',
  },
  signer: { value: 'text', placeholder: 'principal', help: 'the one whose signature it has to be' },
  'verify-time': {
    value: 'text',
    placeholder: 'time',
    help: 'YYYY-MM-DDThh:mm:ssZ at which the keys have to be valid (default: now)',
  },
  'revoked-keys': { value: 'path', help: 'public keys that count no more, one a line' },
} as const;

/** What such a lane was given. */
export type SignerFlags = { readonly [Name in keyof typeof SIGNER_FLAGS]: string | undefined };

/**
 * Reads what {@link SIGNER_FLAGS} name; undefined where no signature is to be verified.
 * @param cwd the folder that paths start from
 * @throws SignatureError `bad-request` for a flag that decides nothing by itself and for a time that is none; as {@link loadSigners}
 */
export async function signersOf(flags: SignerFlags, cwd: string): Promise<LoadedSigners | undefined> {
  const { 'allowed-signers': allowed, 'revoked-keys': revoked, 'verify-time': time, signer } = flags;
  if (allowed === undefined) {
    const [stray] = Object.keys(SIGNER_FLAGS).filter(
      (name) => flags[name as keyof SignerFlags] !== undefined,
    );
    if (stray === undefined) return undefined;
    throw new SignatureError('bad-request', `--${stray}: goes with --allowed-signers only`, {
      fix: 'name the list of those who may sign',
    });
  }
  return loadSigners({
    allowedSigners: resolve(cwd, allowed),
    revokedKeys: revoked === undefined ? undefined : resolve(cwd, revoked),
    signer,
    at: time === undefined ? new Date() : parseVerifyTime(time),
  });
}
