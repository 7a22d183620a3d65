// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import type { EvidenceDocument, Field } from '../document.js';
import { EvidenceError } from '../error.js';
import type { Block, BlockLine } from './block.js';
import { absentText, numberedKey } from './part.js';
import { valueAt } from './path.js';
import type { Scalar } from './scalar.js';

/**
 * Makes the document that says `value`.
 * @throws EvidenceError `bad-value` naming the key of a value that would not be read back as it is
 */
export function writeDocument(title: string, blocks: readonly Block[], value: unknown): EvidenceDocument {
  const [fields = [], ...sections] = blocks.map((block) => writeBlock(block, value));
  return {
    title,
    fields,
    sections: sections.map((lines, index) => ({ name: blocks[index + 1]?.name ?? '', fields: lines })),
  };
}

function writeBlock({ lines, numbered }: Block, value: unknown): Field[] {
  if (numbered === undefined) return lines.map((line) => ({ key: line.key, value: textOf(line, value) }));
  const values: unknown = valueAt(value, numbered.path);
  if (!Array.isArray(values) || values.length < numbered.least) {
    throw new EvidenceError(
      'bad-value',
      `[${numbered.name}]: expected at least ${numbered.least} values in a list`,
    );
  }
  return values.map((each, index) => {
    const key = numberedKey(numbered, index);
    return { key, value: print(key, numbered.scalar, each) };
  });
}

function textOf({ key, line, group }: BlockLine, value: unknown): string {
  if (line.kind === 'always') return line.text;
  if (line.kind === 'derived') return String(line.derive(value as never));
  if (group === undefined) return print(key, line.scalar, valueAt(value, line.path));
  const absent = absentText(group, key);
  const whole = valueAt(value, group.path);
  if (whole === undefined) return absent;
  const text = print(key, line.scalar, valueAt(whole, line.path));
  // The first line says whether the group is there at all.
  if (text === absent && line === group.lines[0]) throw unreadable(key, line.scalar, text);
  return text;
}

function print(key: string, scalar: Scalar<unknown>, value: unknown): string {
  const text = scalar.print(value);
  const boxed = typeof text === 'string' ? scalar.read(text) : undefined;
  if (boxed === undefined || !isDeepStrictEqual(boxed.value, value)) throw unreadable(key, scalar, text);
  return text;
}

const unreadable = (key: string, { expected }: Scalar<unknown>, text: unknown) =>
  new EvidenceError('bad-value', `${key}: expected ${expected}, found ${JSON.stringify(text)}`, { key });
