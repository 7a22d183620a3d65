// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument, Field } from '../document.js';
import { EvidenceError, type EvidenceErrorCode, type EvidencePlace } from '../error.js';
import { type Block, type BlockLine, expectedOf } from './block.js';
import { absentText, numberedKey, type OptionalLines } from './part.js';
import { putAt } from './path.js';

/** A block as it was found: its name, and the line of the text that it begins on; each of its fields has the next one. */
interface FoundBlock {
  readonly name: string | undefined;
  readonly line: number;
  readonly fields: readonly Field[];
}

/** A field, and the line of the text that it stands on. */
interface PlacedField extends Field {
  readonly line: number;
}

const placed = ({ line, fields }: FoundBlock): PlacedField[] =>
  fields.map((field, index) => ({ ...field, line: line + 1 + index }));

/**
 * Reads what a document says.
 * @throws EvidenceError `missing`, `unexpected`, `misplaced` for its lines and sections, `wrong-type` for a value
 */
export function readDocument(title: string, blocks: readonly Block[], document: EvidenceDocument): unknown {
  if (document.title !== title) {
    const found = JSON.stringify(document.title);
    throw new EvidenceError('wrong-type', `title: expected ${JSON.stringify(title)}, found ${found}`, {
      line: 1,
    });
  }
  const found = foundBlocks(document);
  assertSections(blocks, found);
  const value: Record<string, unknown> = {};
  blocks.forEach((block, index) => {
    const there = found[index] ?? NO_BLOCK;
    if (block.numbered === undefined) readLines(block, there, value);
    else putAt(value, block.numbered.path, readNumbered(block.numbered, there));
  });
  // Only now is everything there that a line may follow from.
  blocks.forEach(({ lines }, index) => {
    const there = found[index] ?? NO_BLOCK;
    lines.forEach(({ line }, at) => {
      const field = there.fields[at];
      if (line.kind !== 'derived' || field === undefined) return;
      const derived = String(line.derive(value as never));
      if (field.value !== derived) throw wrong(field, there.line + 1 + at, JSON.stringify(derived));
    });
  });
  return value;
}

/** What stands for a block of which nothing was found. */
const NO_BLOCK: FoundBlock = { name: undefined, line: 0, fields: [] };

function foundBlocks(document: EvidenceDocument): FoundBlock[] {
  // A document has one field a line and nothing between: the place in the list is the place in the text.
  const found: FoundBlock[] = [{ name: undefined, line: 1, fields: document.fields }];
  let last = 1 + document.fields.length;
  for (const { name, fields } of document.sections) {
    const line = last + 2; // behind the blank line
    found.push({ name, line, fields });
    last = line + fields.length;
  }
  return found;
}

/** A key or a section that was found, and the line that it stands on. */
interface Found {
  readonly key: string;
  readonly line: number;
}

/**
 * Refuses a list of names that is not the expected one. @throws EvidenceError for the first name that is
 * missing, not expected, or out of place
 */
function assertOrder(what: 'key' | 'section', expected: readonly string[], found: readonly Found[]): void {
  const show = (name: string) => (what === 'key' ? name : `[${name}]`);
  const problem = (code: EvidenceErrorCode, name: string, reason: string, place: EvidencePlace = {}) =>
    new EvidenceError(code, `${show(name)}: ${reason}`, what === 'key' ? { ...place, key: name } : place);
  const known = new Set(expected);
  const unknown = found.find(({ key }) => !known.has(key));
  if (unknown !== undefined) {
    throw problem('unexpected', unknown.key, `expected no such ${what}`, { line: unknown.line });
  }
  const present = new Set(found.map(({ key }) => key));
  const missing = expected.find((name) => !present.has(name));
  if (missing !== undefined) throw problem('missing', missing, 'missing');
  const misplaced = found.find(({ key }, index) => key !== expected[index]);
  if (misplaced !== undefined) {
    const here = show(expected[found.indexOf(misplaced)] ?? '');
    const { key, line } = misplaced;
    throw problem('misplaced', key, `expected ${here} here, for the order counts`, { line });
  }
}

/** Refuses sections that are not those of the description, in its order. */
function assertSections(blocks: readonly Block[], found: readonly FoundBlock[]): void {
  // As in nearly all documents; what follows finds out what is to be said of the others.
  if (found.length === blocks.length && found.every(({ name }, index) => name === blocks[index]?.name))
    return;
  const names = blocks.slice(1).map(({ name }) => name ?? '');
  const [, ...named] = found;
  assertOrder(
    'section',
    names,
    named.map(({ name = '', line }) => ({ key: name, line })),
  );
}

/** Refuses fields whose keys are not the expected ones, in their order. */
function assertKeys(there: FoundBlock, count: number, keyAt: (index: number) => string): void {
  const { fields } = there;
  if (fields.length === count && fields.every(({ key }, index) => key === keyAt(index))) return;
  assertOrder(
    'key',
    Array.from({ length: count }, (_, index) => keyAt(index)),
    placed(there),
  );
}

function readLines({ lines }: Block, there: FoundBlock, value: Record<string, unknown>): void {
  assertKeys(there, lines.length, (index) => lines[index]?.key ?? '');
  const groups = new Map<OptionalLines, Record<string, unknown> | undefined>();
  lines.forEach((line, index) => {
    const field = there.fields[index];
    if (field === undefined) return;
    const place = there.line + 1 + index;
    const { group } = line;
    if (group === undefined) {
      readLine(line, field, place, value);
      return;
    }
    const absent = absentText(group, line.key);
    const first = group.lines[0]?.key ?? '';
    if (line.key === first) {
      groups.set(group, field.value === absent ? undefined : {});
      putAt(value, group.path, groups.get(group));
    }
    const inner = groups.get(group);
    if (inner !== undefined) readLine(line, field, place, inner);
    else if (field.value !== absent) {
      throw wrong(field, place, `${JSON.stringify(absent)} because ${first} is ${absentText(group, first)}`);
    }
  });
}

function readLine(line: BlockLine, field: Field, place: number, into: Record<string, unknown>): void {
  const described = line.line;
  if (described.kind === 'derived') return;
  if (described.kind === 'always') {
    if (field.value !== described.text) throw wrong(field, place, JSON.stringify(described.text));
    return;
  }
  const boxed = described.scalar.read(field.value);
  if (boxed === undefined) throw wrong(field, place, expectedInGroup(line));
  putAt(into, described.path, boxed.value);
}

/** Returns what a line of a group has to be: in a group that is there, only the first line may say that it is not. */
function expectedInGroup(line: BlockLine): string {
  const { group } = line;
  if (group === undefined || group.lines[0] === line.line || line.line.kind !== 'field')
    return expectedOf(line);
  return `${line.line.scalar.expected} beside ${group.lines[0]?.key}`;
}

function readNumbered(section: NonNullable<Block['numbered']>, there: FoundBlock): readonly unknown[] {
  const { fields, line } = there;
  if (fields.length < section.least) {
    throw new EvidenceError(
      'missing',
      `${numberedKey(section, fields.length)}: missing in [${section.name}]`,
      {
        key: numberedKey(section, fields.length),
      },
    );
  }
  assertKeys(there, fields.length, (index) => numberedKey(section, index));
  return fields.map((field, index) => {
    const boxed = section.scalar.read(field.value);
    if (boxed === undefined) throw wrong(field, line + 1 + index, section.scalar.expected);
    return boxed.value;
  });
}

const wrong = ({ key, value }: Field, line: number, expected: string) =>
  new EvidenceError('wrong-type', `${key}: expected ${expected}, found ${JSON.stringify(value)}`, {
    key,
    line,
  });
