// SPDX-License-Identifier: Apache-2.0
/**
 * A place in a parsed JSON document, with the pointer to it. Reading is tolerant: what is missing or of another
 * type reads as `undefined` or as an empty list, since the shape check has its own word for it; so each rule
 * can be written for the documents that it is about.
 */
export class JsonNode {
  readonly value: unknown;
  /** JSON pointer (RFC 6901), written so that it stays on one line. */
  readonly pointer: string;

  constructor(value: unknown, pointer = '') {
    this.value = value;
    this.pointer = pointer;
  }

  /** The object's own members; empty for anything that is no object. */
  get keys(): string[] {
    return this.isObject ? Object.keys(this.value as object) : [];
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  get text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  get items(): JsonNode[] {
    return Array.isArray(this.value)
      ? this.value.map((item: unknown, index) => new JsonNode(item, `${this.pointer}/${index}`))
      : [];
  }

  has(key: string): boolean {
    return this.isObject && Object.hasOwn(this.value as object, key);
  }

  member(key: string): JsonNode {
    const value = this.has(key) ? (this.value as Record<string, unknown>)[key] : undefined;
    return new JsonNode(value, `${this.pointer}/${pointerToken(key)}`);
  }
}

/** A name that is its own token, as nearly all are: large documents ask for millions. */
const PLAIN = /^[\w.-]+$/;

/**
 * Writes a member's name as a token of a JSON pointer: `~` and `/` as RFC 6901 has it, control characters as JSON has
 * them.
 */
export function pointerToken(key: string): string {
  if (PLAIN.test(key)) return key;
  return JSON.stringify(key).slice(1, -1).replaceAll('~', '~0').replaceAll('/', '~1');
}
