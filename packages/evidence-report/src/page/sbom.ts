// SPDX-License-Identifier: Apache-2.0
import { COMMAND } from '../model/missing.js';
import type { EvidenceModel, PackageView, SbomView } from '../model/model.js';
import { grouped, plural } from '../model/words.js';
import { absent, digest, fileLink, fold, mark, section, word } from './bits.js';
import type { Detailed } from './detailed.js';
import { type Html, html } from './html.js';

/** The licences that are told at once, the most frequent ones; the others are folded. */
const MAX_LICENCES = 20;

/** From so many packages on each letter has a fold of its own. */
const BY_LETTER = 2000;

/** Writes what is in the images: licences counted, and every package. */
export function sbom({ sboms }: EvidenceModel, detailed: Detailed): Html {
  const lead = 'What is in the images, as its SBOM says; each was held to the clauses of SPDX 2.3.';
  return section(
    'sbom',
    'SBOM',
    lead,
    sboms.length === 0
      ? absent('No SBOM.', COMMAND.sbom)
      : sboms.map((view, index) => one(view, index, detailed)),
  );
}

function one(
  { source, state, name, packages, files, licences, findings, omitted }: SbomView,
  index: number,
  detailed: Detailed,
): Html {
  const id = `packages-${index}`;
  const most = licences[0]?.count ?? 1;
  return html`<h3>${mark(state)}${name}</h3>
<p>${plural(packages.length, 'package')}, ${plural(files, 'file')}, ${state === 'bad' ? 'with errors' : 'no errors'}${findings.length + omitted > 0 && `, ${plural(findings.length + omitted, 'finding')}`}. ${fileLink(source)} ${digest(source.sha256)}</p>
${findings.length > 0 && fold(plural(findings.length, 'finding'), html`<ul class="words">${findings.map(({ level, clause, message }) => html`<li>${word(level === 'error' ? 'bad' : 'unknown', level)} clause ${clause}: ${message}</li>`)}</ul>`)}
${licences.length > 0 && licenceTable(licences.slice(0, MAX_LICENCES), most)}
${
  licences.length > MAX_LICENCES &&
  html`<div class="noprint">${fold(plural(licences.length - MAX_LICENCES, 'more licence'), licenceTable(licences.slice(MAX_LICENCES), most))}</div>`
}
${packages.length > 0 && !detailed.packages && html`<p>${plural(packages.length, 'package')} would make this page too large: they are in ${fileLink(source)}.</p>`}
${
  packages.length > 0 &&
  detailed.packages &&
  html`<div class="noprint" id="${id}">${packageTable(id, packages)}</div>
<p class="onpaper">The packages are not on paper: they are in ${source.path}.</p>`
}
`;
}

function licenceTable(licences: SbomView['licences'], most: number): Html {
  return html`<table class="licences"><caption>Licences that packages declare; a package that names several counts for each</caption>
<thead><tr><th scope="col">Licence</th><th scope="col">Packages</th><td></td></tr></thead>
<tbody>${licences.map(
    ({
      licence,
      count,
    }) => html`<tr><th scope="row">${licence}</th><td>${grouped(count)}</td><td><svg class="bar" aria-hidden="true"><rect class="ph-kernel" width="${Math.round((count / most) * 1000) / 10}%"/></svg></td></tr>
`,
  )}</tbody></table>`;
}

function packageTable(id: string, packages: readonly PackageView[]): Html {
  const find = html`<div class="find" hidden data-rows="#${id} tbody > tr"><label for="${id}-find">Find packages</label> <input id="${id}-find" type="search" autocomplete="off" spellcheck="false"><output for="${id}-find" aria-live="polite"></output></div>
`;
  if (packages.length <= BY_LETTER) return fold(plural(packages.length, 'package'), [find, table(packages)]);
  const letters = new Map<string, PackageView[]>();
  for (const each of packages) {
    const letter = /^[a-z]/i.test(each.name) ? (each.name[0] ?? '').toLowerCase() : '0–9';
    const list = letters.get(letter) ?? [];
    list.push(each);
    letters.set(letter, list);
  }
  return html`${find}${[...letters].map(([letter, list]) => fold(`${letter}: ${plural(list.length, 'package')}`, table(list)))}`;
}

function table(packages: readonly PackageView[]): Html {
  return html`<table class="packages"><thead><tr><th scope="col">Package</th><th scope="col">Version</th><th scope="col">Licence</th><th scope="col">From</th></tr></thead>
<tbody>${packages.map(
    ({
      name,
      version,
      licence,
      origin,
    }) => html`<tr><th scope="row">${name}</th><td>${version}</td><td>${licence}</td><td>${origin}</td></tr>
`,
  )}</tbody></table>`;
}
