// SPDX-License-Identifier: Apache-2.0
import type { JsonNode } from './node.js';

/** `error` for what makes a document invalid, `advice` for what the standard would rather have. */
export type FindingLevel = 'error' | 'advice';

/** One thing that is to be said about a document. */
export interface Finding {
  readonly level: FindingLevel;
  /**
   * The clause of SPDX 2.3 that it is about (`6.5`, `7.9`, …); `JSON` for text that is no JSON with one meaning,
   * `schema` for a member that the JSON form does not have.
   */
  readonly clause: string;
  /** JSON pointer (RFC 6901) to the place in the document, `''` for the whole. */
  readonly pointer: string;
  /** What is there, and what was expected; one line. */
  readonly message: string;
}

/** Takes one finding down: the clause, the place, and what is wrong; an error unless it is said to be advice. */
export type Report = (clause: string, place: JsonNode, message: string, level?: FindingLevel) => void;

/** As many findings of each level are kept; more, nobody reads. */
export const MAX_FINDINGS = 100;

/** What was found so far, bounded, and how much more there was. */
export class Findings {
  readonly #kept: Record<FindingLevel, Finding[]> = { error: [], advice: [] };
  #errors = 0;
  #total = 0;

  readonly report: Report = (clause, { pointer }, message, level = 'error') => {
    this.#total++;
    if (level === 'error') this.#errors++;
    const kept = this.#kept[level];
    if (kept.length < MAX_FINDINGS) kept.push({ level, clause, pointer: shorten(pointer), message });
  };

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** Errors first. */
  get list(): readonly Finding[] {
    return [...this.#kept.error, ...this.#kept.advice];
  }

  /** How many were found beyond those in the list. */
  get omitted(): number {
    return this.#total - this.#kept.error.length - this.#kept.advice.length;
  }
}

const MAX_POINTER = 300;
const MAX_QUOTED = 100;

function shorten(pointer: string): string {
  return pointer.length > MAX_POINTER ? `${pointer.slice(0, MAX_POINTER)}...` : pointer;
}

/** Puts a value of the document into a message: on one line, without control characters, and not too long. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const short = typeof value === 'string' ? value.slice(0, MAX_QUOTED + 1) : value;
  const text = (JSON.stringify(short) ?? 'nothing').replace(
    /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 3)}...` : text;
}
