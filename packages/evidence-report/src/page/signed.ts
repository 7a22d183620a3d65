// SPDX-License-Identifier: Apache-2.0
import type { EvidenceModel, WitnessView } from '../model/model.js';
import { plural } from '../model/words.js';
import { details, fileLink, fold, section, word } from './bits.js';
import { type Html, html } from './html.js';

/** Writes who vouches for what: signatures, reviews, and transcripts of what people did. */
export function signed({ witnesses, signatureStatus }: EvidenceModel): Html {
  const lead =
    'A signature or a review counts when it was verified with keys that somebody allowed. This page has none, so it says who, and never that it holds.';
  const of = (kind: WitnessView['kind']) => witnesses.filter((witness) => witness.kind === kind);
  const part = (title: string, list: readonly WitnessView[], none: string) => html`<h3>${title}</h3>
${list.length === 0 ? html`<p>${word('todo', 'none here')} ${none}</p>` : rows(list)}
`;
  return section('signed', 'Signatures, reviews, transcripts', lead, [
    part(
      'Signatures',
      of('signature'),
      `The images are ${signatureStatus === 'unsigned-local' ? 'declared unsigned-local: nobody vouches for them' : signatureStatus === 'unknown' ? 'not spoken of' : `spoken of as ${signatureStatus}`}.`,
    ),
    part('Reviews', of('review'), 'Nobody has approved or rejected anything.'),
    part('Transcripts', of('transcript'), 'Nobody has written down what was done on hardware.'),
  ]);
}

/** The rows of one kind that stand open: beyond them, as with a signed record of each boot, they are folded. */
const MAX_OPEN = 12;

function rows(list: readonly WitnessView[]): Html {
  const bad = list.filter(({ state }) => state === 'bad');
  const others = list.filter(({ state }) => state !== 'bad');
  const open = [...bad, ...others].slice(0, Math.max(bad.length, MAX_OPEN));
  const rest = others.slice(open.length - bad.length);
  const listed = (part: readonly WitnessView[]) => html`<ul class="fields">${part.map(row)}</ul>`;
  return html`${listed(open)}${rest.length > 0 && fold(`${plural(rest.length, 'more', 'more')}`, listed(rest))}`;
}

function row({ source, copies, state, word: said, who, says, details: list }: WitnessView): Html {
  return html`<li>${word(state, said)}<span>${who}</span><div>${says} ${list.length > 0 && details(list)}<p class="small quiet">${fileLink(source)}${copies > 0 && `, and ${plural(copies, 'copy', 'copies')}`}</p></div></li>
`;
}
