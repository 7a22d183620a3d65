// SPDX-License-Identifier: Apache-2.0
import { quote, type Report } from './model/finding.js';
import { JsonNode, pointerToken } from './model/node.js';

/** The largest document that is looked at, in bytes; the largest of real image scans stay well below. */
export const MAX_SBOM_BYTES = 64 * 1024 * 1024;
/** The deepest nesting; SPDX itself needs seven levels. */
export const MAX_DEPTH = 64;

/** The most objects and lists, and values in all; a package with all that a scanner says has twenty of the first. */
export const MAX_CONTAINERS = 1_000_000;
export const MAX_VALUES = 2_000_000;

/** How much of JSON is taken. */
export interface JsonLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly containers: number;
  readonly values: number;
}

const SBOM_LIMITS: JsonLimits = {
  bytes: MAX_SBOM_BYTES,
  depth: MAX_DEPTH,
  containers: MAX_CONTAINERS,
  values: MAX_VALUES,
};

/** What was found in a text: a value with one meaning, or the first reason why it has none. */
export type StrictJson =
  | { readonly value: unknown }
  | {
      /** JSON pointer (RFC 6901) to the place. */
      readonly pointer: string;
      readonly message: string;
    };

/** Parses JSON that has one meaning only, as {@link parseJson} does, of any kind of document. */
export function parseStrictJson(input: string | Uint8Array, limits: JsonLimits): StrictJson {
  let first: { readonly pointer: string; readonly message: string } | undefined;
  const node = parseJson(
    input,
    (_clause, { pointer }, message) => {
      first ??= { pointer, message };
    },
    limits,
  );
  return first ?? { value: node?.value };
}

interface Frame {
  readonly pointer: string;
  /** The names seen so far; undefined in an array. */
  readonly names: Set<string> | undefined;
  /** The name or index of the value that comes next. */
  key: string;
  nameIsDue: boolean;
}

/**
 * Parses JSON that has one meaning only: UTF-8 without a byte order mark, no name twice in an object (readers
 * disagree on which of the two counts), bounded in size and depth. Reports under the clause `JSON`; the result
 * is undefined when it did.
 */
export function parseJson(
  input: string | Uint8Array,
  report: Report,
  limits: JsonLimits = SBOM_LIMITS,
): JsonNode | undefined {
  const root = new JsonNode(undefined);
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  if (size > limits.bytes) {
    report('JSON', root, `the document has ${size} bytes, expected at most ${limits.bytes}`);
    return undefined;
  }
  let text: string;
  let value: unknown;
  try {
    text =
      typeof input === 'string'
        ? input
        : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
    // Before anything is made of it: what is small as text can be large in memory.
    if (!isOfSize(text, report, limits)) return undefined;
    value = JSON.parse(text);
  } catch (error) {
    report(
      'JSON',
      root,
      `the document is no JSON in UTF-8: ${quote(error instanceof Error ? error.message : error)}`,
    );
    return undefined;
  }
  return hasOneMeaning(text, report, limits) ? new JsonNode(value) : undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);

/** Counts what a text would become, JSON or not, and reports what is too much. */
function isOfSize(text: string, report: Report, limits: JsonLimits): boolean {
  let containers = 0;
  let values = 1;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (isText) at += code === BACKSLASH ? 1 : 0;
    else if (code === COMMA) values += 1;
    else if (OPENING.has(code)) {
      containers += 1;
      values += 1;
    }
  }
  const root = new JsonNode(undefined);
  if (containers > limits.containers) {
    report(
      'JSON',
      root,
      `the document has ${containers} objects and lists, expected at most ${limits.containers}`,
    );
    return false;
  }
  if (values > limits.values)
    report('JSON', root, `the document has ${values} values, expected at most ${limits.values}`);
  return values <= limits.values;
}

/** Walks over text that is known to be JSON, and reports doubled names and too deep nesting. */
function hasOneMeaning(text: string, report: Report, limits: JsonLimits): boolean {
  const stack: Frame[] = [];
  let clean = true;
  for (let at = 0; at < text.length; at += 1) {
    const top = stack.at(-1);
    switch (text[at]) {
      case '{':
      case '[': {
        const pointer = top === undefined ? '' : `${top.pointer}/${pointerToken(top.key)}`;
        if (stack.length === limits.depth) {
          report('JSON', new JsonNode(undefined, pointer), `nested more than ${limits.depth} deep`);
          return false;
        }
        const isObject = text[at] === '{';
        stack.push({
          pointer,
          names: isObject ? new Set() : undefined,
          key: isObject ? '' : '0',
          nameIsDue: isObject,
        });
        break;
      }
      case '}':
      case ']':
        stack.pop();
        break;
      case ',':
        if (top?.names) top.nameIsDue = true;
        else if (top) top.key = String(Number(top.key) + 1);
        break;
      case '"': {
        const end = closingQuote(text, at);
        if (top?.names && top.nameIsDue) {
          const written = text.slice(at + 1, end);
          const name = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
          if (top.names.has(name)) {
            report(
              'JSON',
              new JsonNode(undefined, top.pointer),
              `the name ${quote(name)} stands twice in one object`,
            );
            clean = false;
          }
          top.names.add(name);
          top.key = name;
          top.nameIsDue = false;
        }
        at = end;
        break;
      }
    }
  }
  return clean;
}

/** Finds where the string that opens at `start` ends. */
function closingQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}
