// SPDX-License-Identifier: Apache-2.0
import { flag } from '@latticra/evidence-format';
import type { Learned } from '../facts.js';
import type { Plist, PlistDict } from './plist.js';

export function isDict(value: Plist | undefined): value is PlistDict {
  return value instanceof Map;
}

/** The text of a key, empty where there is none. */
export function textOf(dict: PlistDict, key: string): string {
  const value = dict.get(key);
  return typeof value === 'string' ? value : '';
}

export function flagOf(dict: PlistDict, key: string): Learned {
  const value = dict.get(key);
  return typeof value === 'boolean' ? flag(value) : 'unknown';
}

/** The dictionaries in the array of a key: none where there is no such key, undefined where it holds anything else. */
export function dictsOf(dict: PlistDict, key: string): readonly PlistDict[] | undefined {
  const items = dict.get(key) ?? [];
  return Array.isArray(items) && items.every(isDict) ? items : undefined;
}

/** The same for an array of texts. */
export function textsOf(dict: PlistDict, key: string): readonly string[] | undefined {
  const items = dict.get(key) ?? [];
  return Array.isArray(items) && items.every((item) => typeof item === 'string') ? items : undefined;
}
