// SPDX-License-Identifier: Apache-2.0
import { type FilePlace, pathOf, readStableFile } from '@latticra/held-files';
import { AttestationError } from './error.js';
import { type Pin, parsePins } from './pins.js';

const MAX_PINS_BYTES = 4 << 20;

/** Pinned pairs, and the list that they were read from. */
export interface LoadedPins {
  readonly pins: readonly Pin[];
  /** 64 hexadecimal digits of the very bytes that were parsed. */
  readonly sha256: string;
}

/**
 * Reads a list of pinned pairs.
 * @param shown the path in messages
 * @throws AttestationError `bad-key` with path and line; HeldFileError
 */
export async function loadPins(place: FilePlace, shown = pathOf(place)): Promise<LoadedPins> {
  const { bytes, sha256 } = await readStableFile(place, { maxBytes: MAX_PINS_BYTES });
  try {
    return { pins: parsePins(bytes), sha256 };
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    const { code, message, fix } = cause;
    throw new AttestationError(code, `${shown}: ${message}`, { cause, ...(fix !== undefined && { fix }) });
  }
}
