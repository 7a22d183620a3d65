// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvidenceError, formatDocument } from '../../packages/evidence-format/src/index.js';
import { readProjects, sourcesOf } from '../architecture/workspace.js';
import { documentValues } from './arbitrary.js';
import { DESCRIPTIONS } from './descriptions.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const rows = Object.entries(DESCRIPTIONS).map(([name, description]) => ({ name, description }));

describe('the described documents', () => {
  it('the described documents are all that the packages describe', () => {
    const described = readProjects()
      .flatMap(sourcesOf)
      .flatMap((file) => [
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(/^export const (\w+) = defineDocument\(/gm),
      ])
      .map(([, name]) => name);
    expect(described.sort()).toEqual(Object.keys(DESCRIPTIONS).sort());
  });

  it('the described documents have titles of their own', () => {
    const titles = rows.map(({ description }) => description.title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe.each(rows)('$name', ({ description }) => {
  const values = documentValues(description);
  const lines = values.map((value) => description.format(value).split('\n').slice(0, -1));
  const joined = (text: readonly string[]) => `${text.join('\n')}\n`;
  /** Returns whether a text is refused, and in the one way in which a reader refuses. */
  const isRefused = (text: string): boolean => {
    try {
      description.parse(text);
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(EvidenceError);
      return true;
    }
  };

  it('every document is read back as it was written, and written back as it was read', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = description.format(value);
        const read = description.parse(text);
        expect(read).toEqual(value);
        expect(description.format(read)).toBe(text);
        expect(description.parse(Buffer.from(text))).toEqual(value);
        expect(formatDocument(description.document(value))).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('a text without one of its lines is refused', () => {
    // A list may end sooner: its last line is one whose key stands in no template.
    const last = description.parts.flatMap((part) => (part.kind === 'numbered' ? [part.prefix] : []));
    fc.assert(
      fc.property(lines, fc.nat(), (text, at) => {
        const index = at % text.length;
        const endsList =
          last.some((prefix) => text[index]?.startsWith(prefix)) && (text[index + 1] ?? '') === '';
        fc.pre(!endsList);
        expect(isRefused(joined(text.toSpliced(index, 1)))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('a text with one of its lines twice is refused, wherever it stands', () => {
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), (text, at, to) => {
        const line = text[at % text.length] ?? '';
        expect(isRefused(joined(text.toSpliced(to % (text.length + 1), 0, line)))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('a text with two of its lines in each other’s place is refused', () => {
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), (text, at, to) => {
        const [one, other] = [at % text.length, to % text.length];
        fc.pre(text[one] !== text[other]);
        const swapped = text.with(one, text[other] ?? '').with(other, text[one] ?? '');
        expect(isRefused(joined(swapped))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('a changed line is refused, or read as something else than what stood there', () => {
    const word = fc.oneof(
      fc.constantFrom('', '0', '1', 'none', 'unsigned-local', '../x', '/x', `sha256:${'e'.repeat(64)}`),
      fc.string({ unit: 'grapheme', maxLength: 10 }),
    );
    fc.assert(
      fc.property(values, fc.nat(), word, fc.boolean(), (value, at, replacement, keepKey) => {
        const text = description.format(value).split('\n').slice(0, -1);
        const line = text[at % text.length] ?? '';
        const changed = keepKey ? `${line.split('=')[0]}=${replacement}` : replacement;
        fc.pre(changed !== line);
        const edited = joined(text.with(at % text.length, changed));
        if (isRefused(edited)) return;
        const read = description.parse(edited);
        expect(read).not.toEqual(value);
        expect(description.format(read)).toBe(edited);
      }),
      { numRuns: 250 },
    );
  });

  it('the template of a document is made of its own keys', () => {
    expect(description.template().map(({ key }) => key)).toEqual(description.keys);
  });
});

describe('docs/documents.md', () => {
  it('docs/documents.md lists every line of every described document', async () => {
    const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
    const table = ({ outline }: (typeof rows)[number]['description']) =>
      outline.map(
        ({ section, key, expected }) =>
          `| ${section === undefined ? '' : `[${section}]`} | \`${key}\` | ${cell(expected)} |`,
      );
    const page = [
      '# Documents, line by line',
      '',
      'Written from the descriptions that reader and writer come from (`pnpm exec vitest run tools/documents -u` writes it',
      'anew). The order of the lines is part of a document: two that changed places are refused.',
      ...rows.flatMap(({ description }) => [
        '',
        `## ${description.title}`,
        '',
        '| section | key | value |',
        '| --- | --- | --- |',
        ...table(description),
      ]),
      '',
    ].join('\n');
    await expect(page).toMatchFileSnapshot('../../docs/documents.md');
  });
});
