// SPDX-License-Identifier: Apache-2.0
import { COMMAND } from '../model/missing.js';
import type { EvidenceModel, SealView } from '../model/model.js';
import { plural } from '../model/words.js';
import { absent, details, fileLink, fold, mark, section, word } from './bits.js';
import { type Html, html } from './html.js';

/** Writes what Seal found in the source: its word, then the changes, then every check. */
export function seal({ seals }: EvidenceModel): Html {
  const lead =
    'Whether the files of the source are those that its seal speaks of. It says nothing of a host, and is no signature.';
  return section(
    'seal',
    'Seal',
    lead,
    seals.length === 0 ? absent('No Seal report.', COMMAND.seal) : seals.map(one),
  );
}

const HOW = { added: 'added', modified: 'changed', removed: 'removed' } as const;

function one({
  source,
  state,
  status,
  mode,
  hashed,
  changes,
  failures,
  warnings,
  checks,
  details: list,
}: SealView): Html {
  return html`<h3>${mark(state)}${status}, ${mode}</h3>
${details([{ name: 'Files', text: hashed === undefined ? 'unknown' : plural(hashed, 'file') }, ...list])}
${failures.length > 0 && html`<h4>Failures</h4><ul class="words">${failures.map((text) => html`<li>${word('bad', 'FAIL')} ${text}</li>`)}</ul>`}
${changes.length > 0 && html`<h4>Changes since the baseline</h4><ul class="words">${changes.map(({ how, what }) => html`<li>${word(state, HOW[how])} <code>${what}</code></li>`)}</ul>`}
${warnings.length > 0 && fold(plural(warnings.length, 'warning'), html`<ul class="words">${warnings.map((text) => html`<li>${text}</li>`)}</ul>`)}
${checks.length > 0 && fold(plural(checks.length, 'check'), html`<ul class="words">${checks.map(({ name, result }) => html`<li><code>${name}</code> ${result}</li>`)}</ul>`)}
<p class="small quiet">Said by ${fileLink(source)}</p>
`;
}
