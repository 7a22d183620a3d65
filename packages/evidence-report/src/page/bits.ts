// SPDX-License-Identifier: Apache-2.0
/** The small parts that all sections are made of. */

import { idOf } from '../model/id.js';
import type { Detail, Source, State } from '../model/model.js';
import { type Html, html, type Part } from './html.js';

/** Writes the shape of a state: with the word beside it, never alone. */
export function mark(state: State): Html {
  return html`<svg class="mark ${state}" aria-hidden="true"><use href="#m-${state}"/></svg>`;
}

/** Writes a state as its shape and a word in its colour. */
export function word(state: State, text: string): Html {
  return html`<b class="${state}">${mark(state)}${text}</b>`;
}

/** Writes a digest: all of it is there, and the style cuts what is seen. */
export function digest(sha256: string): Html {
  return html`<code class="sum">${sha256}</code>`;
}

/** Writes a sentence, with the digests in it as digests. */
export function sentence(text: string): Html {
  return html`${text.split(/(sha256:[0-9a-f]{64})/).map((part, index) => (index % 2 === 0 ? part : digest(part.slice(7))))}`;
}

/** The longest command whose words are kept whole: beyond it markup for each of them is too much. */
const MAX_WORDS_BYTES = 4096;

/** Writes a command that a person types, with its place for a button; a line of it ends between two words, never behind a hyphen. */
export function command(text: string): Html {
  const parts = text.length > MAX_WORDS_BYTES ? [text] : text.split(/( +)/);
  return html`<pre class="run"><code>${parts.map((part) => (/\S-./.test(part) || part.startsWith('--') ? html`<span>${part}</span>` : part))}</code></pre>`;
}

/** Writes lines of a log, the last one stressed where it decides. */
export function log(lines: readonly string[], isDecisive = false): Html {
  const cut = lines.map((line) => (line.length > 500 ? `${line.slice(0, 500)}…` : line));
  const rest = isDecisive ? cut.slice(0, -1) : cut;
  const last = isDecisive ? html`<strong>${cut.at(-1) ?? ''}</strong>` : undefined;
  return html`<pre class="log">${rest.map(
    (line) => html`${line}
`,
  )}${last}</pre>`;
}

/** Writes a link to the row of a file. */
export function fileLink({ path }: Pick<Source, 'path'>): Html {
  return html`<a href="#${idOf('file', path)}">${path}</a>`;
}

/** Writes names and what is said of them; names without anything are left out. */
export function details(list: readonly Detail[]): Html {
  return html`<dl class="pairs">${list
    .filter(({ text, sha256 }) => text !== undefined || sha256 !== undefined)
    .map(({ name, text, sha256, state }) => {
      const said = text !== undefined && /^[0-9a-f]{40,64}$/.test(text) ? digest(text) : text;
      const value: Part = [
        said,
        said !== undefined && sha256 !== undefined && ' ',
        sha256 !== undefined && digest(sha256),
      ];
      return html`<dt>${name}</dt><dd>${state === undefined ? value : html`<b class="${state}">${mark(state)}${value}</b>`}</dd>`;
    })}</dl>`;
}

/** Writes what stands where there is no evidence: the word for it, and the command that makes some. */
export function absent(what: string, next: string): Html {
  return html`<p>${word('todo', 'none here')} ${what}</p>${command(next)}`;
}

/** Writes a section with its heading and one sentence. */
export function section(id: string, title: string, lead: Part, body: Part): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="lead">${lead}</p>
${body}
</section>
`;
}

/** Writes a part that is closed until somebody opens it. */
export function fold(title: Part, body: Part): Html {
  return html`<details class="fold"><summary>${title}</summary>
${body}</details>`;
}
