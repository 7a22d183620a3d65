// SPDX-License-Identifier: Apache-2.0
import type { BootView } from '../model/model.js';
import { seconds } from '../model/words.js';
import { mark } from './bits.js';
import { type Html, html } from './html.js';

const FORM_WORDS = { iso: 'ISO', qcow2: 'qcow2', raw: 'raw' } as const;
const ATTACH_WORDS: Readonly<Record<string, string>> = { cdrom: 'CD', usb: 'USB', disk: 'disk' };

/** Writes machines by images; nothing for fewer than four boots, or for one machine alone: the list says it better. */
export function matrix(boots: readonly BootView[]): Html | undefined {
  const cells = boots.filter(({ form, attach }) => form !== undefined && attach !== undefined);
  const machines = unique(cells.map(({ machine }) => machine));
  if (cells.length < 4 || machines.length < 2) return undefined;
  const columns = unique(cells.map(({ form, attach }) => `${form} ${attach}`)).map((column) => {
    const [form = 'iso', attach = ''] = column.split(' ');
    return { form: form as keyof typeof FORM_WORDS, attach };
  });
  return html`<table class="matrix"><caption>How long each boot took, or what came instead. A cell leads to its boot.</caption>
<thead><tr><th scope="col">Machine</th>${columns.map(({ form, attach }) => html`<th scope="col">${FORM_WORDS[form]}, ${ATTACH_WORDS[attach] ?? attach}</th>`)}</tr></thead>
<tbody>${machines.map(
    (
      machine,
    ) => html`<tr><th scope="row">${machine}</th>${columns.map(({ form, attach }) => cell(cells.filter((boot) => boot.machine === machine && boot.form === form && boot.attach === attach)))}</tr>
`,
  )}</tbody></table>`;
}

function cell(boots: readonly BootView[]): Html {
  const boot = boots.find(({ state }) => state === 'bad') ?? boots[0];
  if (boot === undefined)
    return html`<td class="quiet"><span aria-hidden="true">–</span><span class="unseen">none</span></td>`;
  const { id, state, word, durationMs } = boot;
  const text = state === 'good' && durationMs !== undefined ? seconds(durationMs) : word;
  return html`<td class="${state}"><a href="#${id}">${mark(state)}${text}${state === 'good' && html`<span class="unseen">, booted</span>`}${boots.length > 1 && ` and ${boots.length - 1} more`}</a></td>`;
}

const unique = (texts: readonly string[]) => [...new Set(texts)].sort();
