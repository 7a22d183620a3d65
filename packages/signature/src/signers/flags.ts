// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { readStableFile } from '@latticra/held-files';
import type { SignerPolicy } from '../authorise.js';
import { SignatureError } from '../error.js';
import { parseAllowedSigners } from './allowed.js';
import { assertSigner } from './pattern.js';
import { parseRevokedKeys } from './revoked.js';

/** The largest list that is read, in bytes. */
const MAX_LIST_BYTES = 4 << 20;

/** The flags by which a command is told whose signatures count. */
export const SIGNER_FLAGS = {
  'allowed-signers': {
    value: 'path',
    placeholder: 'file',
    help: "whose signatures count, a line each, as OpenSSH's allowed_signers",
  },
  'revoked-keys': {
    value: 'path',
    placeholder: 'file',
    help: 'public keys that count no more, one a line; with --allowed-signers',
  },
  signer: {
    value: 'text',
    placeholder: 'principal',
    help: 'the one whose signature it has to be (default: the one name that its key has)',
  },
  'verify-time': {
    value: 'text',
    placeholder: 'time',
    help: 'YYYY-MM-DDThh:mm:ssZ at which the keys have to be valid (default: now)',
  },
} as const;

/** The values of these flags. */
export interface SignerFlags {
  readonly 'allowed-signers': string | undefined;
  readonly 'revoked-keys': string | undefined;
  readonly signer: string | undefined;
  readonly 'verify-time': string | undefined;
}

/**
 * Returns whose signatures count; undefined without --allowed-signers.
 * @throws SignatureError `bad-signer` for flags that make no sense, `bad-allowed-signers`, `bad-revoked-keys`,
 *   `revocation-list`; HeldFileError
 */
export async function signersOf(flags: SignerFlags, cwd: string): Promise<SignerPolicy | undefined> {
  const { 'allowed-signers': allowed, 'revoked-keys': revoked, signer, 'verify-time': time } = flags;
  if (allowed === undefined) {
    const without = (['revoked-keys', 'signer', 'verify-time'] as const).find(
      (flag) => flags[flag] !== undefined,
    );
    if (without === undefined) return undefined;
    throw new SignatureError('bad-signer', `--${without}: goes with --allowed-signers only`, {
      fix: 'name the file of allowed signers, or leave it out',
    });
  }
  if (signer !== undefined) assertSigner(signer);
  const at = time === undefined ? new Date() : readTime(time);
  const read = async (path: string) =>
    (await readStableFile(resolve(cwd, path), { maxBytes: MAX_LIST_BYTES })).bytes;
  return {
    allowed: parseAllowedSigners(await read(allowed)),
    revoked: revoked === undefined ? undefined : parseRevokedKeys(await read(revoked)),
    signer,
    at,
  };
}

function readTime(text: string): Date {
  const at = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(at.getTime()) && at.toISOString() === text.replace('Z', '.000Z')) return at;
  throw new SignatureError(
    'bad-signer',
    `--verify-time: expected YYYY-MM-DDThh:mm:ssZ, found ${JSON.stringify(text)}`,
    { fix: 'write the time in UTC, with a Z behind it' },
  );
}
