// SPDX-License-Identifier: Apache-2.0

/**
 * A value of an XML property list (Apple's PropertyList-1.0.dtd). Integers are exact; dates and data, of which
 * diskutil has none that matter here, stay as they are written.
 */
export type Plist = string | bigint | number | boolean | readonly Plist[] | PlistDict;
export interface PlistDict extends ReadonlyMap<string, Plist> {}

const DOCUMENT =
  /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<!DOCTYPE plist PUBLIC "[^"<>]*" "[^"<>]*">\s*<plist version="1\.0">(.*)<\/plist>\s*$/s;

/** A value with its text, an empty one, or the begin or end of a collection. */
const TOKEN =
  /\s*(?:<(key|string|integer|real|date|data)>([^<]*)<\/\1>|<(true|false|string|array|dict)\/>|<(\/?)(array|dict)>)/y;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A collection whose end was not read yet; `key` waits for its value. */
type Open =
  | { readonly kind: 'array'; readonly items: Plist[] }
  | { readonly kind: 'dict'; readonly items: Map<string, Plist>; key?: string };

/**
 * Reads the value of a property list; undefined for anything that is not wholly one. Only the XML that diskutil
 * writes is understood: no comments, attributes, CDATA or entities of its own. A key may not come twice,
 * because which of the two decides over a disk would be arbitrary.
 */
export function parsePlist(text: string): Plist | undefined {
  const body = DOCUMENT.exec(text)?.[1]?.trimEnd();
  if (body === undefined) return undefined;
  const open: Open[] = [];
  let at = 0;
  do {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(body);
    if (token === null) return undefined;
    at = TOKEN.lastIndex;
    const [, leaf, content = '', empty, slash, collection] = token;
    const inside = open.at(-1);
    let value: Plist | undefined;
    if (leaf === 'key') {
      const key = unescapeXml(content);
      if (inside?.kind !== 'dict' || inside.key !== undefined || key === undefined || inside.items.has(key))
        return undefined;
      inside.key = key;
      continue;
    }
    if (collection !== undefined && slash === '') {
      open.push(collection === 'dict' ? { kind: 'dict', items: new Map() } : { kind: 'array', items: [] });
      continue;
    }
    if (collection !== undefined) {
      if (inside?.kind !== collection || (inside.kind === 'dict' && inside.key !== undefined))
        return undefined;
      value = inside.items;
      open.pop();
    } else {
      value = leaf === undefined ? emptyValue(empty) : leafValue(leaf, content);
    }
    if (value === undefined) return undefined;
    const parent = open.at(-1);
    if (parent === undefined) return at === body.length ? value : undefined;
    if (!put(parent, value)) return undefined;
  } while (at < body.length);
  return undefined;
}

function put(parent: Open, value: Plist): boolean {
  if (parent.kind === 'array') {
    parent.items.push(value);
    return true;
  }
  if (parent.key === undefined) return false;
  parent.items.set(parent.key, value);
  delete parent.key;
  return true;
}

function emptyValue(name: string | undefined): Plist {
  switch (name) {
    case 'array':
      return [];
    case 'dict':
      return new Map();
    case 'string':
      return '';
    default:
      return name === 'true';
  }
}

function leafValue(name: string, content: string): Plist | undefined {
  switch (name) {
    case 'integer':
      return /^[+-]?\d{1,20}$/.test(content) ? BigInt(content.replace('+', '')) : undefined;
    case 'real':
      return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(content) ? Number(content) : undefined;
    default:
      return unescapeXml(content);
  }
}

/** Decodes XML's own entities; undefined for any other entity. */
function unescapeXml(content: string): string | undefined {
  let isKnown = true;
  const text = content.replace(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w*));?/g,
    (found, decimal, hex, name) => {
      const point = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
      const character =
        point === undefined ? ENTITIES[name] : point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
      isKnown &&= found.endsWith(';') && character !== undefined;
      return character ?? '';
    },
  );
  return isKnown ? text : undefined;
}
