// SPDX-License-Identifier: Apache-2.0
import type { Compared } from '../trace/trace.js';
import { meetComparison } from './compared.js';
import { EDITS, type Material } from './edits.js';

/** Changes an input in one to some places. */
export function mutate(parent: Uint8Array, pairs: readonly Compared[], material: Material): Buffer {
  const { random } = material;
  let bytes: Buffer = Buffer.from(parent);
  const times = 1 << random.below(4);
  for (let done = 0; done < times; done++) {
    bytes =
      pairs.length > 0 && random.below(4) === 0
        ? meetComparison(bytes, pairs, random, material.maxBytes)
        : random.pick(EDITS)(bytes, material);
  }
  return bytes;
}
