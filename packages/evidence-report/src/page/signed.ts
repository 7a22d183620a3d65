// SPDX-License-Identifier: Apache-2.0
import type { EvidenceModel, WitnessView } from '../model/model.js';
import { details, fileLink, section, word } from './bits.js';
import { type Html, html } from './html.js';

/** Writes who vouches for what: signatures, reviews, and transcripts of what people did. */
export function signed({ witnesses, signatureStatus }: EvidenceModel): Html {
  const lead =
    'A signature or a review counts when it was verified with keys that somebody allowed. This page has none, so it says who, and never that it holds.';
  const of = (kind: WitnessView['kind']) => witnesses.filter((witness) => witness.kind === kind);
  const part = (title: string, list: readonly WitnessView[], none: string) => html`<h3>${title}</h3>
${list.length === 0 ? html`<p>${word('todo', 'none here')} ${none}</p>` : html`<ul class="fields">${list.map(row)}</ul>`}
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

function row({ source, state, word: said, who, says, details: list }: WitnessView): Html {
  return html`<li>${word(state, said)}<span>${who}</span><div>${says} ${list.length > 0 && details(list)}<p class="small quiet">${fileLink(source)}</p></div></li>
`;
}
