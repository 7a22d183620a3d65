// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { ALGORITHM, BLOCK } from './format.js';

/** Makes what digests one block, with the salt in front of it: in one call, which takes less than half of three. */
export function blockDigest(salt: Uint8Array): (block: Uint8Array) => Uint8Array {
  const salted = new Uint8Array(salt.length + BLOCK);
  salted.set(salt);
  return (block) => {
    salted.set(block, salt.length);
    return hash(ALGORITHM, salted, 'buffer');
  };
}
