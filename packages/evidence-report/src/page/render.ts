// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { EvidenceModel } from '../model/model.js';
import { STYLE } from '../style/style.js';
import { blocks } from './blocks.js';
import { board } from './board.js';
import { boots } from './boots.js';
import { built } from './built.js';
import { bundle } from './bundle.js';
import { chain } from './chain.js';
import type { Detailed } from './detailed.js';
import { files } from './files.js';
import { contents, footer, header } from './header.js';
import { Html, html } from './html.js';
import { MARKS } from './marks.js';
import { sbom } from './sbom.js';
import { SCRIPT } from './script.js';
import { seal } from './seal.js';
import { signed } from './signed.js';

/** The largest page: beyond it something is left out, and the page says what. */
export const MAX_PAGE_BYTES = 8 << 20;

const ALL: Detailed = { screens: true, logs: true, packages: true, boots: true, files: 100_000 };
/** What is left out, one after the other, and the word for it. */
const LESS: readonly (Partial<Detailed> & { readonly word: string })[] = [
  { screens: false, word: 'screens' },
  { logs: false, word: 'logs and commands of boots' },
  { files: 2000, word: 'files beyond the first 2000' },
  { packages: false, word: 'packages of the SBOMs' },
  { boots: false, word: 'boots that are as expected, one by one' },
];

/**
 * Writes a page of what a folder of evidence says: one HTML file that loads nothing, and is read without its script. The same model gives
 * the same bytes, everywhere. Above {@link MAX_PAGE_BYTES} it leaves out what can be read in the folder, and says so.
 */
export function renderReport(model: EvidenceModel): string {
  let detailed = ALL;
  const left: string[] = [];
  let page = write(model, detailed, left);
  for (const { word, ...less } of LESS) {
    if (Buffer.byteLength(page) <= MAX_PAGE_BYTES) break;
    detailed = { ...detailed, ...less };
    left.push(word);
    page = write(model, detailed, left);
  }
  return withoutDeadLinks(page);
}

/** Leaves the text alone of links to rows of files that are not on the page. */
function withoutDeadLinks(page: string): string {
  const ids = new Set([...page.matchAll(/<tr id="(file-[^"]*)"/g)].map(([, id]) => id));
  return page.replace(/<a href="#(file-[^"]*)">([^<]*)<\/a>/g, (link, id: string, text: string) =>
    ids.has(id) ? link : `<span>${text}</span>`,
  );
}

const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function write(given: EvidenceModel, detailed: Detailed, left: readonly string[]): string {
  const model = detailed.screens ? given : withoutScreens(given);
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${sourceOf(STYLE)}`,
    `script-src ${sourceOf(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const { name, version, verdict } = model;
  const title = `${name}${version === undefined ? '' : ` ${version}`}: ${verdict.word}`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${model.tool}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To what blocks it</a>
${MARKS}
<div class="sheet">
${header(model)}
${contents(model)}
<main id="main" tabindex="-1">
${left.length > 0 && html`<p class="left"><strong>Left out, to keep this page below ${MAX_PAGE_BYTES >> 20} MiB:</strong> ${left.map((word, index) => html`${index > 0 && ', '}${word}`)}. They lie in the folder, under the digests below.</p>`}
${blocks(model)}
${built(model)}
${chain(model)}
${board(model)}
${boots(model, detailed)}
${seal(model)}
${signed(model)}
${sbom(model, detailed)}
${bundle(model)}
${files(model, detailed)}
</main>
${footer(model)}
</div>
<p class="said" role="status"></p>
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`.markup;
}

function withoutScreens(model: EvidenceModel): EvidenceModel {
  const boots = model.boots.map((boot) =>
    boot.screen === undefined ? boot : { ...boot, screen: { ...boot.screen, png: undefined } },
  );
  return { ...model, boots };
}
