// SPDX-License-Identifier: Apache-2.0

/** Tries are bounded, not time. */
const TRIES = 2000;

/** Returns a smaller input that is still `bad`: without pieces, then with zeros in the place of what does not matter. */
export async function minimise(
  bytes: Uint8Array,
  isBad: (bytes: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best: Buffer = Buffer.from(bytes);
  let tries = 0;
  const attempt = async (candidate: Buffer) => {
    if (tries++ > TRIES || !(await isBad(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length && tries < TRIES; ) {
      const isGone = await attempt(Buffer.concat([best.subarray(0, at), best.subarray(at + size)]));
      if (!isGone) at += size;
    }
  }
  tries = 0;
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length && tries < TRIES; at += size) {
      const piece = best.subarray(at, at + size);
      if (piece.every((byte) => byte === 0)) continue;
      await attempt(
        Buffer.concat([best.subarray(0, at), Buffer.alloc(piece.length), best.subarray(at + size)]),
      );
    }
  }
  return best;
}
