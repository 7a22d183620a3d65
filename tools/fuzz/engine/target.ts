// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../../../packages/disk-image/src/index.js';
import { Failure } from '../../../packages/failure/src/index.js';

/** One input, in the shapes that readers take. */
export interface FuzzInput {
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8; what is none of it as U+FFFD, as most readers of files get it. */
  readonly text: string;
  /** The bytes as an image: what is read of it is counted, and no more is given than a bound. */
  readonly source: ByteSource;
}

/** A reader of what comes from outside, and what is tried on it. */
export interface FuzzTarget {
  readonly name: string;
  /** Makes inputs that are sound, for mutation to start from. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Words of the format that its sound inputs may lack. */
  readonly words?: readonly string[];
  /**
   * Reads an input as the product does, and looks at what was read as far as a caller would. A refusal is a `Failure`;
   * whatever else is thrown is a finding, an {@link Oracle} error as well.
   */
  readonly run: (input: FuzzInput) => unknown;
}

/** Thrown for what a reader accepts and should not, or says of itself and does not hold. */
export class Oracle extends Error {
  override readonly name = 'Oracle';
}

/** Refuses a claim about a reader that does not hold. @throws Oracle */
export function hold(claim: boolean, words: string): asserts claim {
  if (!claim) throw new Oracle(words);
}

/** Returns whether an error is a refusal. A reader that reads past its own source made a mistake of its own. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.code !== 'out-of-range';
}

/** Returns what was read, or undefined where it was refused, so that other readers get the same input. */
export function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
