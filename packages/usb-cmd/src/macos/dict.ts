// SPDX-License-Identifier: Apache-2.0
import { flag } from '@latticra/evidence-format';
import type { Learned } from '../facts.js';
import type { Plist, PlistDict } from './plist.js';

/** Returns whether a value of a property list is a dictionary. */
export function isDict(value: Plist | undefined): value is PlistDict {
  return value instanceof Map;
}

/** Returns the text of a key, empty where there is none. */
export function textOf(dict: PlistDict, key: string): string {
  const value = dict.get(key);
  return typeof value === 'string' ? value : '';
}

/** Returns the truth value of a key as 1 or 0, `unknown` where there is none. */
export function flagOf(dict: PlistDict, key: string): Learned {
  const value = dict.get(key);
  return typeof value === 'boolean' ? flag(value) : 'unknown';
}

/**
 * Returns the dictionaries in the array of a key: none where there is no such key, undefined where it holds
 * anything else.
 */
export function dictsOf(dict: PlistDict, key: string): readonly PlistDict[] | undefined {
  const items = dict.get(key) ?? [];
  return Array.isArray(items) && items.every(isDict) ? items : undefined;
}

/** Returns the texts in the array of a key: none where there is no such key, undefined where it holds anything else. */
export function textsOf(dict: PlistDict, key: string): readonly string[] | undefined {
  const items = dict.get(key) ?? [];
  return Array.isArray(items) && items.every((item) => typeof item === 'string') ? items : undefined;
}
