// SPDX-License-Identifier: Apache-2.0
import { sign } from 'node:crypto';
import { generateEd25519Key } from '@latticra/signature';
import type { AttestationSigner } from '../src/index.js';

/** A key that lives as long as the tests do. */
export function testSigner(name: string): AttestationSigner {
  const { key } = generateEd25519Key(name);
  return { key: key.publicKey, sign: async (data) => sign(null, data, key.signer) };
}
