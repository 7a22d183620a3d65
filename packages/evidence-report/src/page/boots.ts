// SPDX-License-Identifier: Apache-2.0
import { COMMAND } from '../model/missing.js';
import type { BootView, EvidenceModel } from '../model/model.js';
import { grouped, plural, seconds } from '../model/words.js';
import { axis, axisEnd, bar, legend } from './bars.js';
import { absent, command, details, digest, fileLink, fold, log, mark, section, word } from './bits.js';
import { bootGroups, GROUPED_FROM } from './boot-groups.js';
import type { Detailed } from './detailed.js';
import { type Html, html } from './html.js';
import { matrix } from './matrix.js';

/** The failures whose log is shown; those beyond tell where it lies. */
const MAX_LOGS = 20;

const ON_PAPER =
  'Each boot by itself is not on paper: reports and logs are told by their digests under Files read.';
/** The failures that are told in full; those beyond have a line each with their reason. */
const MAX_CASES = 50;
/** The failures that have a line each; those beyond are told by their reason, and counted. */
const MAX_LINES = 200;
/** The reasons that are told; of a release that fails in more ways than that nobody reads another. */
const MAX_REASONS = 100;

/** Writes the boots: machines by images, each failure in full, and every boot on one time axis. */
export function boots({ boots: all }: EvidenceModel, detailed: Detailed): Html {
  if (all.length === 0)
    return section(
      'boots',
      'Boots',
      'Whether an image starts is shown by the log of a boot, judged again here.',
      absent('No boot.', COMMAND.boots),
    );
  const count = (state: BootView['state']) => all.filter((boot) => boot.state === state).length;
  const parts = [
    [count('good'), 'booted'],
    [count('refused'), 'refused as they must'],
    [count('bad'), 'not as expected'],
    [count('unknown'), 'unknown'],
  ] as const;
  const lead = html`${plural(all.length, 'boot')}: ${parts.filter(([number]) => number > 0).map(([number, words], index) => html`${index > 0 && ', '}${grouped(number)} ${words}`)}. Every log was judged again for this page.`;
  const failed = all.filter(({ state }) => state === 'bad');
  const end = axisEnd(all);
  const isGrouped = all.length >= GROUPED_FROM;
  const failures = [
    failed
      .slice(0, MAX_CASES)
      .map((boot, index) => failure(boot, end, { ...detailed, logs: detailed.logs && index < MAX_LOGS })),
    failed.length > MAX_CASES &&
      html`<h3 class="bad">${mark('bad')}${plural(failed.length - MAX_CASES, 'more', 'more')} not as expected</h3>
<ul class="short">${failed.slice(MAX_CASES, MAX_CASES + MAX_LINES).map(shortFailure)}</ul>`,
    byReason(failed.slice(MAX_CASES + MAX_LINES)),
  ];
  const linked = new Set(failed.slice(0, MAX_CASES + MAX_LINES));
  if (isGrouped)
    return section('boots', 'Boots', lead, [
      failures,
      bootGroups(all, { isListed: detailed.boots, linked }),
      html`<p class="onpaper">${ON_PAPER}</p>`,
    ]);
  return section('boots', 'Boots', lead, [
    matrix(all),
    failures,
    html`<div class="noprint" id="every-boot"><h3>Every boot, on one time axis</h3>
${legend(all)}
<div class="find" hidden data-rows="#every-boot .boots > li"><label for="find-boot">Find boots</label> <input id="find-boot" type="search" autocomplete="off" spellcheck="false"><output for="find-boot" aria-live="polite"></output></div>
<div class="row scale" aria-hidden="true"><span></span><span></span>${axis(end)}<span></span></div>
<ul class="boots">${all.map((boot, index) => row(boot, end, { ...detailed, logs: detailed.logs && index < MAX_LOGS + failed.length }))}</ul></div>
<p class="onpaper">${ON_PAPER}</p>`,
  ]);
}

function failure(boot: BootView, end: number, detailed: Detailed): Html {
  return html`<article class="case" id="${boot.id}" aria-labelledby="${boot.id}-title">
<h3 id="${boot.id}-title" class="bad">${mark('bad')}${boot.word === 'broken' ? 'Broken evidence' : `Not as expected, ${boot.word}`}: ${boot.name}</h3>
<p>${boot.reason ?? 'No reason is given.'}</p>
${detailed.logs && boot.decisive.length > 0 && log(boot.decisive, true)}
${timeLine(boot, end)}
${facts(boot)}
${screen(boot)}
${evidence(boot, detailed)}
</article>
`;
}

function shortFailure(boot: BootView): Html {
  return html`<li id="${boot.id}">${mark('bad')}<strong>${boot.name}</strong>: ${reasonOf(boot)} <span class="small">${fileLink(boot.source)}</span></li>
`;
}

function reasonOf({ reason = 'no reason is given' }: BootView): string {
  return reason.length > 200 ? `${reason.slice(0, 200)}…` : reason;
}

/** Writes boots by their reason, the most frequent first. */
function byReason(failed: readonly BootView[]): Html | undefined {
  const counts = new Map<string, number>();
  for (const boot of failed) counts.set(reasonOf(boot), (counts.get(reasonOf(boot)) ?? 0) + 1);
  const reasons = [...counts].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
  const rest = reasons.slice(MAX_REASONS).reduce((sum, [, count]) => sum + count, 0);
  if (reasons.length === 0) return undefined;
  return html`<h3 class="bad">${mark('bad')}${plural(failed.length, 'more', 'more')}, by reason</h3>
<ul class="short">${reasons.slice(0, MAX_REASONS).map(
    ([reason, count]) => html`<li>${mark('bad')}<strong>${plural(count, 'boot')}</strong>: ${reason}</li>
`,
  )}</ul>${rest > 0 && html`<p>${plural(rest, 'more boot')} failed for still other reasons: their reports tell them.</p>`}`;
}

function row(boot: BootView, end: number, detailed: Detailed): Html {
  const { id, name, state, word: said, durationMs } = boot;
  const time = durationMs === undefined ? 'unknown' : seconds(durationMs);
  const cells = html`${word(state, said)}<span>${name}</span>${bar(boot, end)}<span class="time">${time}</span>`;
  if (state === 'bad')
    return html`<li><a class="row" href="#${id}">${cells}</a></li>
`;
  return html`<li><details id="${id}"><summary class="row">${cells}</summary>
<div class="inside">${boot.reason !== undefined && html`<p>${boot.reason}</p>`}
${phases(boot)}
${facts(boot)}
${screen(boot)}
${evidence(boot, detailed)}</div></details></li>
`;
}

function timeLine(boot: BootView, end: number): Html {
  return html`<div class="big">${bar(boot, end)}${axis(end)}</div>
${phases(boot)}`;
}

/** Writes the parts of a boot as text: the bar says the same to those who see it. */
function phases({ parts, durationMs, state }: BootView): Html {
  const first = parts[0];
  if (first === undefined || first.phase === 'unrecorded')
    return html`<p class="quiet small">When its parts began is not recorded${durationMs !== undefined && `; it took ${seconds(durationMs)}`}.</p>`;
  return html`<ul class="phases">${parts.map(
    ({ phase, from, to }) => html`<li class="ph-${phase}">${phase} ${seconds(to - from)}</li>
`,
  )}<li class="${state === 'bad' ? 'ph-fail' : 'ph-end'}">end at ${seconds(parts.at(-1)?.to ?? 0)}</li></ul>`;
}

const facts = ({ details: list }: BootView) => details(list);

function screen({ screen: shown, name }: BootView): Html | undefined {
  if (shown === undefined) return undefined;
  if (shown.png === undefined) return html`<p class="small quiet">Its screen: ${fileLink(shown.source)}</p>`;
  return html`<figure><img src="data:image/png;base64,${shown.png}" width="${shown.width}" height="${shown.height}" alt="The screen of ${name} when it ended"><figcaption>${fileLink(shown.source)}, written again from its pixels ${digest(shown.source.sha256)}</figcaption></figure>`;
}

function evidence({ source, log: file, tail, logLines, command: ran }: BootView, { logs }: Detailed): Html {
  return html`${logs && tail.length > 0 && fold(`The last ${plural(tail.length, 'line')} of ${grouped(logLines)} of its log`, log(tail))}
${logs && ran !== undefined && fold('The command that ran, folders left out', command(ran))}
<p class="small quiet">Report ${fileLink(source)}${file !== undefined && html`, log ${fileLink(file)}`}</p>`;
}
