// SPDX-License-Identifier: Apache-2.0
import { isPlainText, quoteText } from '@latticra/evidence-format';
import { LaneError } from './error.js';
import type { FlagSpec } from './flag-specs.js';

/** What Node puts for bytes of an argument that are no UTF-8: a path with it is another file's, if anybody's. */
const REPLACEMENT = '\ufffd';

/** What the arguments give a flag. */
export type Value = string | number | boolean | readonly string[];

/** Returns the value of a flag by what it takes. @throws LaneError `usage`, `unsafe-value` */
export function readValue(name: string, spec: FlagSpec, value: string | undefined, inline: boolean): Value {
  if (spec.value === 'none') {
    if (inline) throw new LaneError('usage', `--${name}: takes no value`);
    return true;
  }
  const text = readText(name, spec, value, inline);
  return spec.value === 'integer' ? Number(text) : text;
}

/** Returns one value as it was given, and refuses one that the flag does not take. @throws LaneError `usage`, `unsafe-value` */
export function readText(name: string, spec: FlagSpec, value: string | undefined, inline: boolean): string {
  const bad = (found: string, fix?: string) =>
    new LaneError(
      'usage',
      `--${name}: expected ${describeValue(spec)}, found ${found}`,
      fix === undefined ? {} : { fix },
    );
  if (value === undefined) throw bad('nothing');
  if (value === '') throw bad('an empty value');
  if (!inline && value.startsWith('--'))
    throw bad(quoteText(value), `write --${name}=<value> if that is the value`);
  if (spec.value === 'integer') {
    const number = Number(value);
    if (!/^\d{1,15}$/.test(value) || number < spec.min || number > spec.max) throw bad(quoteText(value));
  }
  if (spec.value === 'choice' && !spec.choices.includes(value)) throw bad(quoteText(value));
  if (!isPlainText(value) || value.includes(REPLACEMENT)) {
    throw new LaneError(
      'unsafe-value',
      `--${name}: expected one line of UTF-8 without control or invisible characters, found ${quoteText(value)}`,
    );
  }
  return value;
}

/** Returns in words what a flag takes, for errors. */
export function describeValue(spec: FlagSpec): string {
  switch (spec.value) {
    case 'path':
    case 'paths':
      return 'a path';
    case 'text':
    case 'texts':
      return 'a value';
    case 'choice':
      return spec.choices.join(' or ');
    case 'integer':
      return `a whole number from ${spec.min} to ${spec.max}`;
    case 'none':
      return 'no value';
  }
}
