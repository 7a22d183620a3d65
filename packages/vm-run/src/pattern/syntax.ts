// SPDX-License-Identifier: Apache-2.0

/** A set of code points: those in the ranges, or all others. */
export interface CodePoints {
  readonly negated: boolean;
  /** First and last of each range. */
  readonly ranges: readonly (readonly [number, number])[];
}

/** A part of a pattern. */
export type Part =
  | { readonly kind: 'one'; readonly of: CodePoints }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Part[] }
  | {
      readonly kind: 'repeat';
      readonly part: Part;
      readonly least: number;
      /** Undefined for any number. */
      readonly most: number | undefined;
    };

/** The longest pattern, in characters. */
export const MAX_PATTERN = 512;
/** The largest count in braces. */
export const MAX_COUNT = 255;

/** Why a text is no pattern, in a sentence that begins with what was found. */
export class PatternProblem extends Error {}
