// SPDX-License-Identifier: Apache-2.0
import type { Field } from '@latticra/evidence-format';
import type { DocumentFile } from './content.js';

/** Returns the value of a line before the sections; undefined where there is none, and for what stands for none. */
export function lineOf(file: DocumentFile, key: string): string | undefined {
  return known(file.content.document.fields.find((field) => field.key === key)?.value);
}

/** Returns the value of a line of a section, as {@link lineOf} does. */
export function lineIn(file: DocumentFile, section: string, key: string): string | undefined {
  return known(sectionOf(file, section).find((field) => field.key === key)?.value);
}

/** Returns the lines of a section; none where there is no such section. */
export function sectionOf(file: DocumentFile, section: string): readonly Field[] {
  return file.content.document.sections.find(({ name }) => name === section)?.fields ?? [];
}

/** Returns every line of a document. */
export function linesOf(file: DocumentFile): readonly Field[] {
  const { fields, sections } = file.content.document;
  return [...fields, ...sections.flatMap((section) => section.fields)];
}

/** Returns the digits of the digest that a line has, as {@link lineOf} does. */
export function digestOf(file: DocumentFile, key: string): string | undefined {
  return hexOf(lineOf(file, key) ?? '');
}

/** Returns the digits of `sha256:…`; undefined for anything else. */
export function hexOf(text: string): string | undefined {
  return /^sha256:([0-9a-f]{64})$/.exec(text)?.[1];
}

/** Returns the number that a line has, as {@link lineOf} does. */
export function numberOf(file: DocumentFile, key: string, section?: string): number | undefined {
  const value = section === undefined ? lineOf(file, key) : lineIn(file, section, key);
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

const NOTHING = new Set(['none', 'unknown', 'not-required', '']);

const known = (value: string | undefined) => (value === undefined || NOTHING.has(value) ? undefined : value);
