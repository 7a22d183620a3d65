// SPDX-License-Identifier: Apache-2.0
import { BOARD_GROUPS } from '../model/board-fields.js';
import { COMMAND } from '../model/missing.js';
import type { BoardField, EvidenceModel } from '../model/model.js';
import { absent, command, digest, fileLink, fold, section, word } from './bits.js';
import { type Html, html } from './html.js';

/** Writes the fields of a promotion, each with its evidence, or what is missing and the command. */
export function board({ board: found }: EvidenceModel): Html {
  if (found === undefined) {
    const count = BOARD_GROUPS.flatMap(({ fields }) => fields).length;
    return section(
      'board',
      'Promotion board',
      `Whether the ${count} fields of a promotion hold is for an evaluation to say: without one all are unknown.`,
      [
        absent('No promotion evaluation.', COMMAND.evaluation),
        fold(
          `The ${count} fields, all unknown`,
          BOARD_GROUPS.map(
            ({ name, fields }) => html`<h3>${name}</h3>
<ul class="fields">${fields.map(
              ([key, words]) => html`<li>${word('unknown', 'unknown')}<span>${words} ${keyOf(key)}</span></li>
`,
            )}</ul>`,
          ),
        ),
      ],
    );
  }
  const lead = html`${found.held} of ${found.total} fields hold, as ${fileLink(found.source)} says. The digests that it names were looked for in this folder; whether they prove the field is its word.`;
  return section(
    'board',
    'Promotion board',
    lead,
    found.groups.map(({ name, fields }) => {
      const held = fields.filter(({ state }) => state === 'good').length;
      return html`<h3>${name}: ${held} of ${fields.length}</h3>
<ul class="fields">${fields.map(field)}</ul>
`;
    }),
  );
}

/** Writes the key of a field, which may break where its words end. */
const keyOf = (key: string) =>
  html`<code class="key">${key.split('_').map((part, index) => html`${index > 0 && html`_<wbr>`}${part}`)}</code>`;

function field({ key, name, state, word: said, evidence, cited, command: next }: BoardField): Html {
  const [first, ...others] = cited;
  return html`<li id="field-${key}">${word(state, said)}<span>${name} ${keyOf(key)}</span><div>${evidence}${first !== undefined && html`${fileLink(first)} ${digest(first.sha256)}`}${others.map((file) => html`<br>${fileLink(file)} ${digest(file.sha256)}`)}${next !== undefined && state !== 'good' && command(next)}</div></li>
`;
}
