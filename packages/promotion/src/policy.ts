// SPDX-License-Identifier: Apache-2.0
import { SIGNER_FLAGS, type SignerFlags, type SignerPolicy, signersOf } from '@latticra/signature';

const { signer: _, ...others } = SIGNER_FLAGS;
/** The flags by which an evaluation is told whose signatures count: each signer's, so none is named alone. */
export const POLICY_FLAGS = others;

/** Whose signatures count, when, and the lists that say so. */
export interface ReadPolicy {
  /** Undefined where no list was given: nobody's counts then. */
  readonly policy: SignerPolicy | undefined;
  /** The time at which keys have to be valid. */
  readonly at: Date;
  /** Of the lists: 64 hexadecimal digits each. */
  readonly allowedSignersSha256: string | undefined;
  readonly revokedKeysSha256: string | undefined;
}

/** Reads the lists that a lane was told with {@link POLICY_FLAGS}. @throws SignatureError as `signersOf`; HeldFileError */
export async function readPolicy(flags: Omit<SignerFlags, 'signer'>, cwd: string): Promise<ReadPolicy> {
  const policy = await signersOf({ ...flags, signer: undefined }, cwd);
  return {
    policy,
    at: policy?.at ?? new Date(),
    allowedSignersSha256: policy?.allowedList.sha256,
    revokedKeysSha256: policy?.revokedList?.sha256,
  };
}
