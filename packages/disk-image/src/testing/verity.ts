// SPDX-License-Identifier: Apache-2.0
/** Hash trees in memory. */
import { planVerity, writeVerity } from '../verity/index.js';

export const UUID = '00112233-4455-6677-8899-aabbccddeeff';
export const SALT = new Uint8Array(32).map((_, index) => index * 3);

/** Makes so many blocks, each another. */
export function blocksOf(count: number): Uint8Array {
  const data = new Uint8Array(count * 4096);
  for (let index = 0; index < data.length; index += 61) data[index] = index ^ (index >> 12);
  return data;
}

/** Grows the tree over data that comes in pieces. */
export function growTree(data: Uint8Array, piece = data.length, salt: Uint8Array = SALT) {
  const plan = planVerity({ dataBlocks: data.length / 4096, salt, uuid: UUID });
  const area = new Uint8Array(plan.size);
  const writer = writeVerity(plan, (bytes, offset) => area.set(bytes, offset));
  for (let at = 0; at < data.length; at += piece) writer.content(data.subarray(at, at + piece));
  return { rootHash: writer.end(), area };
}
