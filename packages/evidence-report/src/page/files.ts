// SPDX-License-Identifier: Apache-2.0
import type { EvidenceModel, FileView } from '../model/model.js';
import { grouped, plural, shortBytes } from '../model/words.js';
import { digest, mark, section } from './bits.js';
import type { Detailed } from './detailed.js';
import { type Html, html } from './html.js';

const STATE_WORDS = {
  good: 'understood',
  bad: 'wrong',
  unknown: 'unknown',
  todo: 'missing',
  refused: 'refused',
} as const;

/** Writes every file that was read, with its digest and what it is; what was not understood comes first. */
export function files({ files: all }: EvidenceModel, detailed: Detailed): Html {
  const count = (state: FileView['state']) => all.filter((file) => file.state === state).length;
  const lead = `${plural(all.length, 'file')}, each measured and classed by its content: ${grouped(count('good'))} understood, ${grouped(count('unknown'))} of which nothing tells what they are for, ${grouped(count('bad'))} wrong.`;
  if (all.length === 0) return section('files', 'Files read', lead, undefined);
  const shown = all.slice(0, detailed.files);
  return section('files', 'Files read', lead, [
    html`<div class="find" hidden data-rows="#every-file tbody > tr"><label for="find-file">Find files</label> <input id="find-file" type="search" autocomplete="off" spellcheck="false"><output for="find-file" aria-live="polite"></output></div>
<table class="files" id="every-file"><thead><tr><th scope="col">File</th><th scope="col">What it is</th><th scope="col">Size</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${shown.map(row)}</tbody></table>`,
    shown.length < all.length &&
      html`<p>${plural(all.length - shown.length, 'more file')} would make this page too large: they are in the list that its end names.</p>`,
  ]);
}

function row({ id, path, what, state, note, size, sha256 }: FileView): Html {
  return html`<tr id="${id}"><th scope="row">${mark(state)}<span class="unseen">${STATE_WORDS[state]}: </span>${path}</th><td>${what}${note !== '' && html`<span class="note">, ${note}</span>`}</td><td>${shortBytes(size)}</td><td>${digest(sha256)}</td></tr>
`;
}
