// SPDX-License-Identifier: Apache-2.0
import { SealError } from '../error.js';
import type { ManifestValue } from './value.js';

/** Space, comments and line ends between the elements of an array. */
const FILLER = /(?:[ \t\n]|#[^\n]*)*/y;
const BLANK = /[ \t]*/y;
const STRING = /"([^"\\\n\t]*)"/y;
const INTEGER = /(?:0|[1-9]\d{0,14})(?![\w.+-])/y;
const BOOLEAN = /(?:true|false)(?![\w.+-])/y;
const LINE_END = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;

/** The depth to which arrays nest in a manifest: `pattern_parts` is a list of lists. */
const MAX_DEPTH = 2;

/** A place in the text of a manifest that moves forward as values are read. */
export class Cursor {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.#at >= this.text.length;
  }

  /** Returns what a sticky pattern matches here, and moves past it; undefined where it does not match. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  /** The offset of the next character. */
  get at(): number {
    return this.#at;
  }

  /** Makes an error that names the line of an offset: the current one unless given. */
  error(message: string, at = this.#at): SealError {
    return new SealError('manifest', `line ${this.text.slice(0, at).split('\n').length}: ${message}`);
  }

  /** The rest of the current line, for messages. */
  get rest(): string {
    return JSON.stringify(this.text.slice(this.#at).split('\n', 1)[0]?.slice(0, 80));
  }

  /** Reads a value and the end of its line. @throws SealError `manifest` with the line */
  takeValue(): ManifestValue {
    this.take(BLANK);
    const value = this.#value(0);
    if (this.take(LINE_END) === undefined)
      throw this.error(`expected the end of the line, found ${this.rest}`);
    return value;
  }

  #value(depth: number): ManifestValue {
    const string = this.take(STRING)?.[1];
    if (string !== undefined) return string;
    const boolean = this.take(BOOLEAN)?.[0];
    if (boolean !== undefined) return boolean === 'true';
    const integer = this.take(INTEGER)?.[0];
    if (integer !== undefined) return Number(integer);
    if (this.take(/\[/y) !== undefined) {
      if (depth === MAX_DEPTH) throw this.error('a list in a list in a list: expected strings');
      return this.#elements(depth + 1);
    }
    throw this.error(
      `expected a "string" without escapes, true, false, a whole number or a [list], found ${this.rest}`,
    );
  }

  #elements(depth: number): ManifestValue[] {
    const elements: ManifestValue[] = [];
    for (;;) {
      this.take(FILLER);
      // The list may end here: at once, or behind the one comma that may stand after its last element.
      if (this.take(/\]/y) !== undefined) return elements;
      elements.push(this.#value(depth));
      this.take(FILLER);
      if (this.take(/\]/y) !== undefined) return elements;
      if (this.take(/,/y) === undefined) throw this.error(`expected a comma or ], found ${this.rest}`);
    }
  }
}
