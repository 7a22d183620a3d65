// SPDX-License-Identifier: Apache-2.0
import type { EvidenceModel } from '../model/model.js';
import { grouped, plural } from '../model/words.js';
import { details, digest, mark } from './bits.js';
import { type Html, html } from './html.js';

const CLAIM_WORDS: Readonly<Record<string, string>> = {
  hardware_install_ready: 'Ready for hardware',
  full_os_install_ready: 'Ready as a full system',
  bootable_os_ready: 'Ready to boot',
  production_os_claim: 'For production',
};

/** Writes the head of a page: what it is of, the verdict, where it comes from, six values, and that nothing is claimed. */
export function header(model: EvidenceModel): Html {
  const { name, version, verdict, origin, files, listSha256 } = model;
  return html`<header>
<div class="mast">
<div>
<p class="quiet">Release evidence</p>
<h1>${name}${version !== undefined && ` ${version}`}</h1>
<div class="verdict ${verdict.state}">${mark(verdict.state)}<p><strong>${verdict.word}</strong>${verdict.says}</p></div>
${strip(model)}
</div>
<div id="origin">
${details([...origin, { name: 'Made from', text: plural(files.length, 'file') }, { name: 'List of files', sha256: listSha256 }])}
</div>
</div>
<ul class="values">${model.facts.map(
    ({ name: of, state, value, note, to }) =>
      html`<li><a href="#${to}"><span class="of">${of}</span> <strong>${mark(state)}${value}</strong> <span class="why">${note}</span></a></li>
`,
  )}</ul>
${claims(model)}
</header>`;
}

/** Writes the marks of the board in the order of its fields; nothing where nobody has evaluated. */
function strip({ board }: EvidenceModel): Html | undefined {
  if (board === undefined) return undefined;
  return html`<a class="strip" href="#board" aria-label="Promotion board: ${board.held} of ${board.total} fields hold">${board.groups.map(
    ({ fields }) => html`<span>${fields.map(({ state }) => mark(state))}</span>`,
  )}</a>`;
}

function claims({ claims: { names, documents } }: EvidenceModel): Html {
  const list = names.map((name, index) => html`${index > 0 && ' '}${CLAIM_WORDS[name] ?? name}: no.`);
  return html`<p class="claims" id="claims"><strong>Nothing is claimed.</strong> ${list} So ${
    documents === 1 ? 'says' : 'say'
  } ${plural(documents, 'document')}. A person decides that, never this page, which shows evidence and is none.</p>`;
}

/** Writes the contents of a page with the state of each part. */
export function contents(model: EvidenceModel): Html {
  const states = new Map(model.facts.map(({ name, state }) => [name, state]));
  const worst = (names: readonly string[]) => names.map((name) => states.get(name) ?? 'todo');
  const { wrong, missing, chain, board, bundles, sboms, files } = model;
  const isBroken = chain.edges.some(({ state }) => state === 'differs');
  const items = [
    ['blocks', 'What blocks it', wrong.length > 0 ? 'bad' : missing.length > 0 ? 'todo' : 'good'],
    ['built', 'What was built', worst(['Built'])[0]],
    ['chain', 'The chain', isBroken ? 'bad' : chain.nodes.length === 0 ? 'todo' : 'good'],
    ['board', 'Promotion board', board === undefined ? 'todo' : board.held === board.total ? 'good' : 'todo'],
    ['boots', 'Boots', worst(['Booted'])[0]],
    ['seal', 'Seal', worst(['Sealed'])[0]],
    ['signed', 'Signatures, reviews', worst(['Reviewed'])[0]],
    [
      'sbom',
      'SBOM',
      sboms.length === 0 ? 'todo' : sboms.some(({ state }) => state === 'bad') ? 'bad' : 'good',
    ],
    [
      'bundle',
      'Take it over',
      bundles.length === 0 ? 'todo' : bundles.some(({ state }) => state === 'bad') ? 'bad' : 'good',
    ],
    [
      'files',
      'Files read',
      files.some(({ state }) => state === 'bad')
        ? 'bad'
        : files.some(({ state }) => state === 'unknown')
          ? 'unknown'
          : 'good',
    ],
  ] as const;
  return html`<nav aria-labelledby="contents-title">
<h2 id="contents-title">On this page</h2>
<ul>${items.map(
    ([id, title, state]) =>
      html`<li><a href="#${id}">${mark(state ?? 'todo')}${title}<span class="unseen">: ${STATE_WORDS[state ?? 'todo']}</span></a></li>
`,
  )}</ul>
<p><label><input type="checkbox" id="whole"> Digests in full</label></p>
</nav>`;
}

const STATE_WORDS = {
  good: 'holds',
  bad: 'something is wrong',
  todo: 'not there yet',
  unknown: 'unknown',
  refused: 'as expected',
} as const;

/** Writes the end of a page: which tool made it, from what, and how to check that. */
export function footer({ tool, files, listSha256 }: EvidenceModel): Html {
  return html`<footer>
<p>Made by ${tool} from ${grouped(files.length)} files, whose sorted list has the SHA-256 ${digest(listSha256)}. To make that list again, in the folder:</p>
<pre class="run"><code>find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum</code></pre>
<p>This page holds no date, no host and no folder of the machine that made it, so the same files give the same page.</p>
</footer>`;
}
