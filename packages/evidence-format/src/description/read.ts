// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument, Field } from '../document.js';
import { EvidenceError, type EvidenceErrorCode, type EvidencePlace } from '../error.js';
import { type Block, type BlockLine, expectedOf } from './block.js';
import { absentText, numberedKey, type OptionalLines } from './part.js';
import { putAt } from './path.js';

/** A field, and the line of the text that it stands on. */
interface PlacedField extends Field {
  readonly line: number;
}

/** A block as it was found: its name, and the line of the text that it begins on. */
interface FoundBlock {
  readonly name: string | undefined;
  readonly line: number;
  readonly fields: readonly PlacedField[];
}

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
  const [, ...named] = found;
  const names = blocks.slice(1).map(({ name }) => name ?? '');
  assertOrder(
    'section',
    names,
    named.map(({ name = '', line }) => ({ key: name, line })),
  );
  const value: Record<string, unknown> = {};
  blocks.forEach((block, index) => {
    const fields = found[index]?.fields ?? [];
    if (block.numbered === undefined) readLines(block, fields, value);
    else putAt(value, block.numbered.path, readNumbered(block.numbered, fields));
  });
  // Only now is everything there that a line may follow from.
  blocks.forEach(({ lines }, index) => {
    lines.forEach((line, at) => {
      const field = found[index]?.fields[at];
      if (line.line.kind !== 'derived' || field === undefined) return;
      const derived = String(line.line.derive(value as never));
      if (field.value !== derived) throw wrong(field, JSON.stringify(derived));
    });
  });
  return value;
}

function foundBlocks(document: EvidenceDocument): FoundBlock[] {
  // A document has one field a line and nothing between: the place in the list is the place in the text.
  let next = 2;
  const place = (fields: readonly Field[]) => fields.map(({ key, value }) => ({ key, value, line: next++ }));
  const top: FoundBlock = { name: undefined, line: 1, fields: place(document.fields) };
  const sections = document.sections.map(({ name, fields }): FoundBlock => {
    const line = ++next; // behind the blank line
    next += 1;
    return { name, line, fields: place(fields) };
  });
  return [top, ...sections];
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
  // As in nearly all documents; what follows finds out what is to be said of the others.
  if (found.length === expected.length && found.every(({ key }, index) => key === expected[index])) return;
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

function readLines({ lines }: Block, fields: readonly PlacedField[], value: Record<string, unknown>): void {
  assertOrder(
    'key',
    lines.map(({ key }) => key),
    fields,
  );
  const groups = new Map<OptionalLines, Record<string, unknown> | undefined>();
  lines.forEach((line, index) => {
    const field = fields[index];
    if (field === undefined) return;
    const { group } = line;
    if (group === undefined) {
      readLine(line, field, value);
      return;
    }
    const absent = absentText(group, line.key);
    const first = group.lines[0]?.key ?? '';
    if (line.key === first) {
      groups.set(group, field.value === absent ? undefined : {});
      putAt(value, group.path, groups.get(group));
    }
    const inner = groups.get(group);
    if (inner !== undefined) readLine(line, field, inner);
    else if (field.value !== absent) {
      throw wrong(field, `${JSON.stringify(absent)} because ${first} is ${absentText(group, first)}`);
    }
  });
}

function readLine(line: BlockLine, field: PlacedField, into: Record<string, unknown>): void {
  const described = line.line;
  if (described.kind === 'derived') return;
  if (described.kind === 'always') {
    if (field.value !== described.text) throw wrong(field, JSON.stringify(described.text));
    return;
  }
  const boxed = described.scalar.read(field.value);
  if (boxed === undefined) throw wrong(field, expectedInGroup(line));
  putAt(into, described.path, boxed.value);
}

/** Returns what a line of a group has to be: in a group that is there, only the first line may say that it is not. */
function expectedInGroup(line: BlockLine): string {
  const { group } = line;
  if (group === undefined || group.lines[0] === line.line || line.line.kind !== 'field')
    return expectedOf(line);
  return `${line.line.scalar.expected} beside ${group.lines[0]?.key}`;
}

function readNumbered(
  section: NonNullable<Block['numbered']>,
  fields: readonly PlacedField[],
): readonly unknown[] {
  if (fields.length < section.least) {
    throw new EvidenceError(
      'missing',
      `${numberedKey(section, fields.length)}: missing in [${section.name}]`,
      {
        key: numberedKey(section, fields.length),
      },
    );
  }
  assertOrder(
    'key',
    fields.map((_, index) => numberedKey(section, index)),
    fields,
  );
  return fields.map((field) => {
    const boxed = section.scalar.read(field.value);
    if (boxed === undefined) throw wrong(field, section.scalar.expected);
    return boxed.value;
  });
}

const wrong = ({ key, value, line }: PlacedField, expected: string) =>
  new EvidenceError('wrong-type', `${key}: expected ${expected}, found ${JSON.stringify(value)}`, {
    key,
    line,
  });
