// SPDX-License-Identifier: Apache-2.0
import { SignatureError } from '../src/error.js';
import { type GeneratedKey, generateEd25519Key } from '../src/private/generate.js';

/** Keys that live as long as the tests do. */
export const ALICE: GeneratedKey = generateEd25519Key('alice@example.org');
export const BOB: GeneratedKey = generateEd25519Key('');

/** Returns a key as it stands in a line: its type and its blob. */
export function words({ key }: GeneratedKey): string {
  return `${key.publicKey.type} ${Buffer.from(key.publicKey.blob).toString('base64')}`;
}

/** Returns the code that `work` is refused with, or `done`. */
export function codeOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    if (error instanceof SignatureError) return error.code;
    throw error;
  }
}
