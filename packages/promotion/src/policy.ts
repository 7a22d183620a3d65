// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type FilePlace, readStableFile } from '@latticra/held-files';
import { parseAllowedSigners, parseRevokedKeys, type SignerPolicy } from '@latticra/signature';
import { PromotionError } from './error.js';
import { utcTime } from './transcript/scalars.js';

/** Whose signatures count, as a lane was told. */
export interface PolicyOptions {
  readonly allowedSigners: FilePlace | undefined;
  readonly revokedKeys: FilePlace | undefined;
  /** UTC, such as 2026-11-28T14:00:00Z; now where undefined. */
  readonly verifyTime: string | undefined;
}

/** Whose signatures count, and the lists that it was read from. */
export interface ReadPolicy {
  /** Undefined where no list was given. */
  readonly policy: SignerPolicy | undefined;
  readonly at: Date;
  /** 64 hexadecimal digits each. */
  readonly allowedSignersSha256: string | undefined;
  readonly revokedKeysSha256: string | undefined;
}

/** The flags by which a lane is told. */
export const POLICY_FLAGS = {
  'allowed-signers': {
    value: 'path',
    help: 'whose signatures count: the list that ssh-keygen -Y verify -f takes',
  },
  'revoked-keys': { value: 'path', help: 'public keys, one a line, that count no more' },
  'verify-time': {
    value: 'text',
    placeholder: 'time',
    help: 'when the keys have to be valid, in UTC: 2026-11-28T14:00:00Z (default: now)',
  },
} as const;

/** Reads the lists that a lane was told with {@link POLICY_FLAGS}. @throws as {@link readPolicy} */
export function readPolicyFlags(
  flags: { readonly [Name in keyof typeof POLICY_FLAGS]: string | undefined },
  cwd: string,
): Promise<ReadPolicy> {
  const at = (path: string | undefined) => (path === undefined ? undefined : resolve(cwd, path));
  return readPolicy({
    allowedSigners: at(flags['allowed-signers']),
    revokedKeys: at(flags['revoked-keys']),
    verifyTime: flags['verify-time'],
  });
}

/** More keys than anybody has to look after. */
const MAX_LIST_BYTES = 4 << 20;

/**
 * Reads the lists of allowed signers and revoked keys.
 * @throws SignatureError for a line that cannot be read; HeldFileError; PromotionError `bad-option`
 */
export async function readPolicy(options: PolicyOptions): Promise<ReadPolicy> {
  const { allowedSigners, revokedKeys, verifyTime } = options;
  if (verifyTime !== undefined && utcTime.read(verifyTime) === undefined) {
    throw new PromotionError('bad-option', `--verify-time: expected ${utcTime.expected}`, {
      fix: 'give the time in UTC, to the second',
    });
  }
  const given = revokedKeys ?? verifyTime;
  if (allowedSigners === undefined && given !== undefined) {
    throw new PromotionError(
      'bad-option',
      '--verify-time and --revoked-keys narrow what --allowed-signers allows',
      {
        fix: 'name the list with --allowed-signers',
      },
    );
  }
  const at = verifyTime === undefined ? new Date() : new Date(verifyTime);
  const allowed = await read(allowedSigners);
  const revoked = await read(revokedKeys);
  return {
    policy: allowed && {
      allowed: parseAllowedSigners(allowed.bytes),
      revoked: revoked && parseRevokedKeys(revoked.bytes),
      at,
    },
    at,
    allowedSignersSha256: allowed?.sha256,
    revokedKeysSha256: revoked?.sha256,
  };
}

const read = (place: FilePlace | undefined) =>
  place === undefined ? undefined : readStableFile(place, { maxBytes: MAX_LIST_BYTES });
