// SPDX-License-Identifier: Apache-2.0
import {
  type AlwaysLine,
  absentText,
  type DerivedLine,
  type FieldLine,
  type Line,
  type NumberedSection,
  type OptionalLines,
  type Part,
} from './part.js';

/** One line of a block, with the group that it belongs to. */
export interface BlockLine {
  readonly key: string;
  readonly line: FieldLine | AlwaysLine | DerivedLine;
  readonly group: OptionalLines | undefined;
}

/** A document's fields before its sections, or one section. */
export interface Block {
  /** Undefined for the fields before the sections. */
  readonly name: string | undefined;
  readonly lines: readonly BlockLine[];
  /** Instead of lines. */
  readonly numbered: NumberedSection | undefined;
}

/** Returns the blocks that parts come to, in their order: first the one without a name, which may be empty. */
export function blocksOf(parts: readonly Part[]): readonly Block[] {
  const top: Line[] = [];
  const sections: Block[] = [];
  for (const part of parts) {
    if (part.kind === 'section') sections.push(block(part.name, part.lines));
    else if (part.kind === 'numbered') sections.push({ name: part.name, lines: [], numbered: part });
    else top.push(part);
  }
  return [block(undefined, top), ...sections];
}

function block(name: string | undefined, lines: readonly Line[]): Block {
  const flat = lines.flatMap((line): BlockLine[] =>
    line.kind === 'optional'
      ? line.lines.map((each) => ({ key: each.key, line: each, group: line }))
      : [{ key: line.key, line, group: undefined }],
  );
  return { name, lines: flat, numbered: undefined };
}

/** Returns what a line has to be, for a sentence or a table. */
export function expectedOf({ key, line, group }: BlockLine): string {
  if (line.kind === 'derived') return 'what follows from the rest';
  if (line.kind === 'always') return line.text;
  return group === undefined ? line.scalar.expected : `${line.scalar.expected} or ${absentText(group, key)}`;
}

/** Returns what a template shows for a line: its constant text, or what is to be filled in. */
export function placeholderOf({ key, line, group }: BlockLine): string {
  if (line.kind === 'always') return line.text;
  if (line.kind === 'derived') return '<derived>';
  const words = new Set(line.scalar.placeholder);
  if (group !== undefined) words.add(absentText(group, key));
  return `<${[...words].join('-or-')}>`;
}
