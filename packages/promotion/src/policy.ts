// SPDX-License-Identifier: Apache-2.0
import { type FilePlace, readStableFile } from '@latticra/held-files';
import { parseAllowedSigners, parseRevokedKeys, type SignerPolicy } from '@latticra/signature';
import { PromotionError } from './error.js';
import { utcTime } from './transcript/scalars.js';

/** Whose signatures count, as a lane was told. */
export interface PolicyOptions {
  readonly allowedSigners: FilePlace | undefined;
  readonly revokedKeys: FilePlace | undefined;
  /** The one signer whose signature is wanted. */
  readonly signer: string | undefined;
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

/** More keys than anybody has to look after. */
const MAX_LIST_BYTES = 4 << 20;

/**
 * Reads the lists of allowed signers and revoked keys.
 * @throws SignatureError for a line that cannot be read; HeldFileError; PromotionError `bad-option`
 */
export async function readPolicy(options: PolicyOptions): Promise<ReadPolicy> {
  const { allowedSigners, revokedKeys, signer, verifyTime } = options;
  if (verifyTime !== undefined && utcTime.read(verifyTime) === undefined) {
    throw new PromotionError('bad-option', `--verify-time: expected ${utcTime.expected}`, {
      fix: 'give the time in UTC, to the second',
    });
  }
  const given = revokedKeys ?? signer ?? verifyTime;
  if (allowedSigners === undefined && given !== undefined) {
    throw new PromotionError(
      'bad-option',
      '--signer, --verify-time and --revoked-keys narrow what --allowed-signers allows',
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
      signer,
      at,
    },
    at,
    allowedSignersSha256: allowed?.sha256,
    revokedKeysSha256: revoked?.sha256,
  };
}

const read = (place: FilePlace | undefined) =>
  place === undefined ? undefined : readStableFile(place, { maxBytes: MAX_LIST_BYTES });
