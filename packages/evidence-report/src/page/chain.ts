// SPDX-License-Identifier: Apache-2.0
import type { ChainEdge, ChainNode, EvidenceModel } from '../model/model.js';
import { plural } from '../model/words.js';
import { digest, fold, mark, section, word } from './bits.js';
import { COLUMNS, drawing } from './drawing.js';
import { type Html, html } from './html.js';

const EDGE_STATES = { same: 'good', differs: 'bad', unchecked: 'unknown' } as const;
const EDGE_WORDS = { same: 'same', differs: 'differs', unchecked: 'not checked' } as const;

/** Writes which bytes come from which: drawn where there is room, else as a list, and every line of it in words. */
export function chain({ chain: { nodes, edges } }: EvidenceModel): Html {
  const lead = [
    'From the commit to what is handed over. A solid line is a digest that a document names and the next thing has; ',
    'a red one is another digest than it has; a dotted one was not checked.',
  ];
  if (nodes.length === 0)
    return section(
      'chain',
      'The chain',
      lead,
      html`<p>${word('todo', 'none here')} Nothing in this folder has a digest that a document names.</p>`,
    );
  const broken = edges.filter(({ state }) => state === 'differs');
  return section('chain', 'The chain', lead, [
    drawing(nodes, edges),
    rail(nodes, edges),
    broken.length > 0 &&
      html`<h3 class="bad">${mark('bad')}Broken: ${broken.length}</h3>
<ul class="words">${broken.map((edge) => edgeWords(nodes, edge))}</ul>`,
    edges.length > 0 &&
      fold(
        `Each of ${plural(edges.length, 'link')} in words`,
        html`<ul class="words">${edges.map((edge) => edgeWords(nodes, edge))}</ul>`,
      ),
  ]);
}

function edgeWords(nodes: readonly ChainNode[], { from, to, state, says }: ChainEdge): Html {
  const name = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  return html`<li>${word(EDGE_STATES[state], EDGE_WORDS[state])} ${name(from)} to ${name(to)}: ${says}</li>
`;
}

/** Writes the boxes as a list, column by column. */
function rail(nodes: readonly ChainNode[], edges: readonly ChainEdge[]): Html {
  return html`<ol class="rail">${COLUMNS.map((title, column) => {
    const here = nodes.filter((node) => node.column === column);
    return (
      here.length > 0 &&
      html`<li><h3>${title}</h3>
<ul>${here.map(({ id, state, name, note, sha256, to }) => {
        const broken = edges.find((edge) => edge.to === id && edge.state === 'differs');
        return html`<li>${mark(state)}<a href="#${to}">${name}</a>${note !== '' && `, ${note}`} ${sha256 !== undefined && digest(sha256)}${broken !== undefined && html`<br>${word('bad', 'differs')} ${broken.says}`}</li>
`;
      })}</ul></li>
`
    );
  })}</ol>`;
}
