// SPDX-License-Identifier: Apache-2.0
/** What the tests of every reader do to an image. */
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';

/** Runs a reader over a damaged image: it may find nothing wrong or throw an ImageError. Anything else escapes. */
export function tolerate(read: () => unknown): ImageError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ImageError && error.code !== 'out-of-range') return error;
    throw error;
  }
}

/** The same bytes with some replaced, `[offset, value]` each. The source itself is left alone. */
export function patched(source: ByteSource, patches: readonly (readonly [number, number])[]): ByteSource {
  return {
    size: source.size,
    readInto(into, offset) {
      source.readInto(into, offset);
      for (const [at, value] of patches) {
        if (at >= offset && at < offset + into.length) into[at - offset] = value;
      }
    },
  };
}
