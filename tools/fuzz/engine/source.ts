// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, bytesSource } from '../../../packages/disk-image/src/index.js';
import { TooMuch } from '../trace/trace.js';

/** A run of bytes that a reader asked for. */
export interface ReadRange {
  readonly offset: number;
  readonly length: number;
}

/** A source that knows what was read of it. */
export interface CountedSource extends ByteSource {
  /** Where it was read, the first so many times. */
  readonly ranges: readonly ReadRange[];
  readonly isTooMuch: () => boolean;
}

const MAX_RANGES = 512;

/** Makes a source that gives `maxBytes` in all, and then no more. */
export function countedSource(bytes: Uint8Array, maxBytes: number): CountedSource {
  const source = bytesSource(bytes);
  const ranges: ReadRange[] = [];
  let given = 0;
  return {
    size: source.size,
    ranges,
    isTooMuch: () => given > maxBytes,
    readInto(into, offset) {
      given += into.length;
      if (given > maxBytes) throw new TooMuch(`reads more than ${maxBytes} bytes of ${bytes.length}`);
      if (ranges.length < MAX_RANGES) ranges.push({ offset, length: into.length });
      source.readInto(into, offset);
    },
  };
}
