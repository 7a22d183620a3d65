// SPDX-License-Identifier: Apache-2.0

import { COMMAND } from '../model/missing.js';
import type { BuildView, EvidenceModel, ImageView } from '../model/model.js';
import { grouped, shortBytes } from '../model/words.js';
import { absent, command, details, fileLink, mark, section } from './bits.js';
import { type Html, html } from './html.js';

const FORM_WORDS = { iso: 'ISO 9660', qcow2: 'qcow2', raw: 'raw disk' } as const;

/** Writes what the images are, by their content, and what made them. */
export function built({ images, builds }: EvidenceModel): Html {
  const lead =
    images.length === 0
      ? 'No image is in this folder, and no document names one.'
      : 'Each image was read whole, and is what its content says; where it comes from is what the builds say.';
  return section('built', 'What was built', lead, [
    html`<div class="cards">${images.map(image)}</div>`,
    builds.length === 0 ? absent('No record of a build.', COMMAND.build) : alike(builds).map(build),
  ]);
}

function image({ form, name, sha256, file, size, state, details: more, boots }: ImageView): Html {
  return html`<article><h3>${mark(state)}${name}</h3>
${details([
  { name: 'Is', text: FORM_WORDS[form] },
  { name: 'Size', text: size === undefined ? undefined : `${shortBytes(size)} (${grouped(size)} bytes)` },
  { name: 'SHA-256', sha256 },
  ...more,
  boots.total === 0
    ? { name: 'Boots', text: 'none', state: 'todo' as const }
    : {
        name: 'Boots',
        text: `${boots.held} of ${boots.total} as expected`,
        state: boots.held === boots.total ? ('good' as const) : ('bad' as const),
      },
])}
<p class="small quiet">${file === undefined ? 'The file is not in this folder: its digest is what documents say.' : fileLink(file)}</p></article>
`;
}

/** Gathers builds of which the same is told: what was built again to see whether it is the same. */
function alike(builds: readonly BuildView[]): BuildView[][] {
  const found = new Map<string, BuildView[]>();
  for (const build of builds) {
    const key = JSON.stringify([build.title, build.details]);
    found.set(key, [...(found.get(key) ?? []), build]);
  }
  return [...found.values()];
}

function build(same: readonly BuildView[]): Html | undefined {
  const [first] = same;
  if (first === undefined) return undefined;
  const { title, details: list, command: again } = first;
  return html`<h3>${title[0]?.toUpperCase()}${title.slice(1)}${same.length > 1 && `, ${same.length} times with the same result`}</h3>
${details(list)}
${again !== undefined && html`<p>The command that repeats it, folders left out:</p>${command(again)}`}
<p class="small quiet">Said by ${same.map(({ source }, index) => html`${index > 0 && ', and by '}${fileLink(source)}`)}</p>
`;
}
