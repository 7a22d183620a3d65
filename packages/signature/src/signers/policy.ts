// SPDX-License-Identifier: Apache-2.0
import type { AllowedSigners } from './allowed.js';

/** Whose signatures count, and when. */
export interface SignerPolicy {
  readonly allowed: AllowedSigners;
  /** Fingerprints of keys that count no more. */
  readonly revoked?: ReadonlySet<string> | undefined;
  /** The one signer whose signature is wanted; without it the key has to have exactly one name. */
  readonly signer?: string | undefined;
  /** The time at which a key has to be valid: a signature has none of its own. */
  readonly at: Date;
}
