// SPDX-License-Identifier: Apache-2.0
import type { JsonNode } from './node.js';

/** One thing that is wrong with a document. */
export interface Finding {
  /**
   * The clause of SPDX 2.3 that it breaks (`6.5`, `7.9`, …); `JSON` for text that is no JSON with one meaning,
   * `schema` for a member that the JSON form does not have.
   */
  readonly clause: string;
  /** JSON pointer (RFC 6901) to the place in the document, `''` for the whole. */
  readonly pointer: string;
  /** What is there, and what was expected; one line. */
  readonly message: string;
}

/** Takes one finding down: the clause, the place, and what is wrong. */
export type Report = (clause: string, place: JsonNode, message: string) => void;

/** A value of the document in a message: as JSON, so on one line and without control characters, and not too long. */
export function quote(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing').replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
