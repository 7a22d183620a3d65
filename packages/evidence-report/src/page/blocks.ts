// SPDX-License-Identifier: Apache-2.0
import type { Blocker, EvidenceModel } from '../model/model.js';
import { grouped, plural } from '../model/words.js';
import { command, fileLink, log, mark, section, sentence } from './bits.js';
import { type Html, html } from './html.js';

/** The things that are not there yet which are told one by one; the others are on the board. */
const MAX_MISSING = 5;
/** The things that are wrong which are told one by one; nobody reads more before the first of them are mended. */
const MAX_WRONG = 50;

/** Writes what keeps the release from going out: what is wrong before what is missing. */
export function blocks({ wrong, missing }: EvidenceModel): Html {
  const told = missing.length > MAX_MISSING + 1 ? missing.slice(0, MAX_MISSING) : missing;
  // One document that says all of it is named once.
  const sources = new Set(told.flatMap((each) => each.sources ?? []));
  const [sole] = sources.size === 1 && told.every((each) => each.sources?.length === 1) ? sources : [];
  const lead =
    wrong.length + missing.length === 0
      ? 'Nothing that was looked at is wrong, and nothing is missing. A person decides.'
      : 'First what is wrong, which more evidence does not mend; then what nobody has done yet.';
  return section('blocks', 'What blocks this release', lead, [
    wrong.length > 0 &&
      html`<h3 class="bad">${mark('bad')}Wrong: ${grouped(wrong.length)}</h3>
<ul class="stops bad">${wrong.slice(0, MAX_WRONG).map((each) => stop(each))}</ul>`,
    wrong.length > MAX_WRONG &&
      html`<p class="after">${plural(wrong.length - MAX_WRONG, 'more thing')} ${wrong.length - MAX_WRONG === 1 ? 'is' : 'are'} wrong, and marked where they stand below.</p>`,
    missing.length > 0 &&
      html`<h3 class="todo">${mark('todo')}Not there yet: ${missing.length}</h3>
${sole !== undefined && html`<p class="quiet small">As ${fileLink(sole)} says.</p>`}
<ul class="stops todo">${told.map((each) => stop(sole === undefined ? each : { ...each, sources: [] }))}</ul>`,
    told.length < missing.length &&
      html`<p class="after"><a href="#board">${plural(missing.length - told.length, 'more', 'more')} on the board</a></p>`,
  ]);
}

/** Begins a reason as a sentence begins, where its first word is a plain one. */
const asSentence = (text: string) =>
  /^[a-z]+(?=[ ,;:.])/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;

function stop({ title, reason, lines = [], command: next, to, sources = [] }: Blocker): Html {
  const [first] = sources;
  return html`<li><h4><a href="#${to}">${title}</a></h4>
${lines.length > 0 && log(lines, true)}
<p>${sentence(asSentence(reason))}</p>
${next !== undefined && command(next)}
${first !== undefined && html`<p class="quiet small">Said by ${fileLink(first)}${sources.length > 1 && ` and ${plural(sources.length - 1, 'other')}`}</p>`}</li>
`;
}
