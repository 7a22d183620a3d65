// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeText, html } from './html.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'=/ \n\t\0\u202e\u2028\ufeff`') }),
);

it('a text that is put into a template ends no attribute and begins no tag', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { markup } = html`<p title="${text}">${text}</p>`;
      expect(markup.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).toMatch(
        /^<p title="[^<>"'&]*">[^<>"'&]*<\/p>$/,
      );
    }),
  );
});

it('a text without anything hidden is read back from its markup', () => {
  const back = (markup: string) =>
    markup.replace(
      /&(amp|lt|gt|quot|#39);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
    );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(back(escapeText(text))).toBe(text.replaceAll('\x7f', '\u2421'));
    }),
  );
});

it('what nobody would see is shown', () => {
  expect(escapeText('a\0b\x1b[2K\x7f\x85\u202e\u200b\u2028\ud800')).toBe(
    'a␀b␛[2K␡\\u{85}\\u{202e}\\u{200b}\\u{2028}\\u{d800}',
  );
  expect(escapeText('two\nlines')).toBe('two\nlines');
});

it('a value is markup only where html wrote it', () => {
  const inner = html`<b>${'<i>'}</b>`;
  expect(html`${inner}${[inner, ' & ', 3, undefined, false]}`.markup).toBe(
    '<b>&lt;i&gt;</b><b>&lt;i&gt;</b> &amp; 3',
  );
  expect(() => html`${JSON.parse('{"markup":"<script>"}') as never}`).toThrow(TypeError);
});

const folder = fileURLToPath(new URL('.', import.meta.url));
const sources = readdirSync(folder)
  .filter((name) => /(?<!\.test)\.ts$/.test(name))
  .map((name) => [name, readFileSync(folder + name, 'utf8')] as const);

it.each(sources)('%s puts values between double quotes or between tags, and nowhere else', (name, source) => {
  expect(source).not.toMatch(/=\$\{/);
  expect(source).not.toMatch(/<[^>`]*\s(?:style|on[a-z]+|srcdoc)\s*=/i);
  // The addresses of a page are places on it, and pictures that were written here.
  for (const [, address = ''] of source.matchAll(/\b(?:href|src)="([^"]*)"/g))
    expect(address).toMatch(/^(?:#|data:,$|data:image\/png;base64,\$\{shown\.png\}$)/);
  const made = source.match(/new Html\([^)]*\)/g) ?? [];
  const allowed =
    name === 'html.ts'
      ? ['new Html(markup)']
      : name === 'render.ts'
        ? ['new Html(policy)', 'new Html(STYLE)', 'new Html(SCRIPT)']
        : [];
  expect(made).toEqual(allowed);
});
