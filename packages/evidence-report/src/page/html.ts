// SPDX-License-Identifier: Apache-2.0

/** Markup that was written by {@link html}: the only thing that it takes as markup. */
export class Html {
  readonly markup: string;

  /** @internal */
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What can stand in a template: text and numbers are escaped, nothing is nothing. */
export type Part = string | number | Html | undefined | false | readonly Part[];

/**
 * Writes markup. Whatever is put in is text, unless `html` wrote it: so no value of a document becomes a tag or an attribute, as long as
 * attributes stand in double quotes, which a test sees to.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = strings[0] ?? '';
  parts.forEach((part, index) => {
    markup += markupOf(part) + (strings[index + 1] ?? '');
  });
  return new Html(markup);
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeText(part);
  if (!Array.isArray(part)) throw new TypeError('neither text nor markup of html');
  return part.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Returns a text as it stands in markup and in attributes. What nobody would see, or what turns the direction of others, is shown: a
 * control character as its picture (U+2400 and on), the others as `\u{…}`. A line feed stays one, for what is preformatted.
 */
export function escapeText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\ufdd0-\ufdef\ufffe\uffff]/gu, (character) => {
      if (character === '\n') return character;
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x20) return String.fromCodePoint(0x2400 + code);
      return code === 0x7f ? '\u2421' : `\\u{${code.toString(16)}}`;
    })
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
