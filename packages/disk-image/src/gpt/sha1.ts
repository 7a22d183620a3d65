// SPDX-License-Identifier: Apache-2.0
import { joinBytes } from '../layout/bytes.js';
import { viewOf } from '../layout/view.js';

const BLOCK = 64;

const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

/** Pads a message to whole blocks (FIPS 180-4, 5.1.1). */
function pad(message: Uint8Array): Uint8Array {
  const size = Math.ceil((message.length + 9) / BLOCK) * BLOCK;
  const padded = joinBytes(message, Uint8Array.of(0x80), new Uint8Array(size - message.length - 1));
  viewOf(padded).setBigUint64(size - 8, BigInt(message.length) * 8n);
  return padded;
}

/** Chooses the function and the constant of a step (FIPS 180-4, 4.1.1 and 4.2.1), as one sum. */
function mix(step: number, x: number, y: number, z: number): number {
  if (step < 20) return ((x & y) ^ (~x & z)) + 0x5a827999;
  if (step < 40) return (x ^ y ^ z) + 0x6ed9eba1;
  if (step < 60) return ((x & y) ^ (x & z) ^ (y & z)) + 0x8f1bbcdc;
  return (x ^ y ^ z) + 0xca62c1d6;
}

/**
 * Computes SHA-1 (FIPS 180-4) without Node: names become UUIDs by it (RFC 9562, 5.5), and nothing here trusts it with more.
 * @param message small: it is copied
 */
export function sha1(message: Uint8Array): Uint8Array {
  const padded = viewOf(pad(message));
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  const word = (index: number) => words[index] ?? 0;
  for (let at = 0; at < padded.byteLength; at += BLOCK) {
    for (let index = 0; index < 16; index++) words[index] = padded.getInt32(at + index * 4);
    for (let index = 16; index < 80; index++) {
      words[index] = rotate(word(index - 3) ^ word(index - 8) ^ word(index - 14) ^ word(index - 16), 1);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let step = 0; step < 80; step++) {
      const next = (rotate(a, 5) + mix(step, b, c, d) + e + word(step)) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
    }
    for (const [index, value] of [a, b, c, d, e].entries()) state[index] = (state[index] ?? 0) + value;
  }
  const digest = new Uint8Array(20);
  for (const [index, value] of state.entries()) viewOf(digest).setInt32(index * 4, value);
  return digest;
}
