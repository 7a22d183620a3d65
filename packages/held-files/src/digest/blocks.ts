// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { BLOCK_BYTES, DIGEST_BYTES } from './queue.js';

/**
 * Makes what writes the SHA-256 of every block of 4096 bytes, with the salt in front of each, behind one another. In one
 * call for each, and as a string: that takes less than half of what an object for each, or a buffer, does.
 */
export function createBlockDigests(salt: Uint8Array): (blocks: Uint8Array, into: Uint8Array) => void {
  const salted = new Uint8Array(salt.length + BLOCK_BYTES);
  salted.set(salt);
  return (blocks, into) => {
    if (blocks.length % BLOCK_BYTES > 0) throw new RangeError(`${blocks.length} bytes are no whole blocks`);
    const target = Buffer.from(into.buffer, into.byteOffset, into.length);
    for (let at = 0, to = 0; at < blocks.length; at += BLOCK_BYTES, to += DIGEST_BYTES) {
      salted.set(blocks.subarray(at, at + BLOCK_BYTES), salt.length);
      target.write(hash('sha256', salted, 'binary'), to, 'latin1');
    }
  };
}
