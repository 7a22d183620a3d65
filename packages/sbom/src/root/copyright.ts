// SPDX-License-Identifier: Apache-2.0
import { SbomError } from '../error.js';
import { type Paragraph, parseParagraphs } from './deb822.js';
import { extractedLicence } from './extracted.js';
import { type LicenceTerm, parseLicenceField } from './licence-field.js';
import { mapShortName } from './licence-names.js';
import type { DeclaredLicence, ExtractedLicence } from './package.js';

const FORMAT = /^https?:\/\/www\.debian\.org\/doc\/packaging-manuals\/copyright-format\/1\.0\/?$/;

const unknown = (comment: string): DeclaredLicence => ({ expression: undefined, texts: [], comment });

/**
 * Reads the copyright file of a Debian package: the licence of the package where the file is machine-readable (DEP-5)
 * and says it. Names that SPDX knows by one text become its identifiers; others `LicenseRef-` with the text that stands
 * in the file; without one nothing is claimed, and the comment says why.
 * @param path of the file in the root, for the comment
 */
export function readCopyright(text: string, path: string): DeclaredLicence {
  let paragraphs: Paragraph[];
  try {
    paragraphs = parseParagraphs(text, path);
  } catch (error) {
    if (!(error instanceof SbomError)) throw error;
    return unknown(`${path} is not machine-readable (DEP-5)`);
  }
  const [header, ...rest] = paragraphs;
  if (header === undefined || !FORMAT.test(header.fields.get('format') ?? '')) {
    return unknown(`${path} is not machine-readable (DEP-5)`);
  }
  const files = rest.filter(({ fields }) => fields.has('files'));
  const ofWhole = header.fields.has('license');
  const fields = ofWhole ? [header] : files;
  const texts = licenceTexts(paragraphs);
  const found = new Finder(texts);
  // Most files say the same of many paragraphs.
  const expressions = new Set<string>();
  for (const { fields: values, line } of fields) {
    const [expression = ''] = values.get('license')?.split('\n', 1) ?? [];
    if (expression === '') return unknown(`${path}, line ${line}: names no licence`);
    expressions.add(expression);
  }
  if (expressions.size === 0) return unknown(`${path} has no paragraph of files`);
  // What follows no grammar is one name with one text.
  const terms = [...expressions].map(
    (name): LicenceTerm => parseLicenceField(name) ?? { name, exception: undefined },
  );
  const expression = found.express({ operator: 'AND', terms: terms.flatMap(conjuncts) });
  if (found.missing !== undefined)
    return unknown(`${path} names ${JSON.stringify(found.missing)}, and has no text of it`);
  const scope = ofWhole
    ? 'what it declares for the source package as a whole'
    : 'all that it names for files of the source package, so this binary package may need less';
  const customary =
    found.customary.size === 0
      ? ''
      : `; ${[...found.customary].join(', ')} taken for the SPDX licences of these names, which DEP-5 does not define`;
  return {
    expression,
    texts: [...found.texts.values()],
    comment: `from ${path} (DEP-5): ${scope}${customary}`,
  };
}

/** Returns the terms that all have to hold where `term` does. */
const conjuncts = (term: LicenceTerm): LicenceTerm[] =>
  'operator' in term && term.operator === 'AND' ? term.terms.flatMap(conjuncts) : [term];

/** Gathers the texts that stand in a file, by the licence's name in lower case; the stand-alone paragraphs win. */
function licenceTexts(paragraphs: readonly Paragraph[]): Map<string, string> {
  const texts = new Map<string, string>();
  const alone = paragraphs.filter(({ fields }) => !fields.has('files') && !fields.has('format'));
  for (const { fields } of [...alone, ...paragraphs]) {
    const [name = '', ...lines] = fields.get('license')?.split('\n') ?? [];
    if (lines.length === 0 || texts.has(name.toLowerCase())) continue;
    const text = lines
      .map((line) => line.slice(1).replace(/^\.$/, ''))
      .join('\n')
      .trim();
    if (text !== '') texts.set(name.toLowerCase(), text);
  }
  return texts;
}

/** Writes terms as SPDX expressions, and keeps what they need. */
class Finder {
  readonly texts = new Map<string, ExtractedLicence>();
  readonly customary = new Set<string>();
  missing: string | undefined;

  readonly #known: ReadonlyMap<string, string>;

  constructor(known: ReadonlyMap<string, string>) {
    this.#known = known;
  }

  express(term: LicenceTerm): string {
    if ('operator' in term) {
      const parts = [...new Set(term.terms.map((part) => this.express(part)))];
      return parts.length === 1 ? (parts[0] ?? '') : parts.map(bracketed).join(` ${term.operator} `);
    }
    const { name, exception } = term;
    const mapped = exception === undefined ? mapShortName(name) : undefined;
    if (mapped === undefined)
      return this.reference(exception === undefined ? name : `${name} with ${exception} exception`);
    if (mapped.customary) this.customary.add(name);
    return mapped.id;
  }

  private reference(name: string): string {
    const text = this.#known.get(name.toLowerCase());
    if (text === undefined) {
      this.missing ??= name;
      return '';
    }
    const entry = extractedLicence(name, text);
    this.texts.set(entry.id, entry);
    return entry.id;
  }
}

/** Sets an expression of more than one licence in brackets. */
const bracketed = (expression: string) => (/ (?:AND|OR) /.test(expression) ? `(${expression})` : expression);
