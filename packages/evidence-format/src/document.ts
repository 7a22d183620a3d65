// SPDX-License-Identifier: Apache-2.0

/** One `key=value` line. */
export interface Field {
  readonly key: string;
  readonly value: string;
}

/** A `[name]` line and the fields under it. */
export interface Section {
  readonly name: string;
  readonly fields: readonly Field[];
}

/**
 * What every lane prints and every validator reads: a title line, `key=value` lines, and sections, each
 * after one blank line. The order is part of the document.
 */
export interface EvidenceDocument {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly sections: readonly Section[];
}

/** A computed yes or no. */
export type Flag = 0 | 1;

/** Returns `1` for true and `0` for false; the type is `0` where the condition is false at compile time. */
export function flag(condition: false): 0;
export function flag(condition: boolean): Flag;
export function flag(condition: boolean): Flag {
  return condition ? 1 : 0;
}
