// SPDX-License-Identifier: Apache-2.0
import type { BootView } from '../model/model.js';
import { grouped, plural, seconds } from '../model/words.js';
import { digest, fold, mark, word } from './bits.js';
import { type Html, html } from './html.js';

/** From so many boots on they are told in groups: each by itself on a time axis would be a page that nobody reads. */
export const GROUPED_FROM = 101;
/** The most groups by the names of machines; beyond them machines are told by their type, and then not at all. */
const MAX_GROUPS = 60;
/** The boots of a group that stand in its fold, most telling first. */
const MAX_ROWS = 2000;

const FORM_WORDS = { iso: 'ISO', qcow2: 'qcow2', raw: 'raw' } as const;

interface Group {
  readonly image: string;
  readonly machine: string;
  readonly firmware: string;
  readonly boots: readonly BootView[];
}

/** How boots stand in their groups. */
interface GroupsOptions {
  /** Whether each is listed, and not only counted. */
  readonly isListed: boolean;
  /** Those that are told elsewhere on the page, under their id. */
  readonly linked: ReadonlySet<BootView>;
}

/** Writes boots by image, machine and firmware: a row of counts each, those with failures first; the boots themselves folded. */
export function bootGroups(boots: readonly BootView[], { isListed, linked }: GroupsOptions): Html {
  const groups = groupsOf(boots);
  return html`<h3>By image, machine and firmware</h3>
<table class="groups"><caption>How the boots of each came out, and how long those took that are as expected.</caption>
<thead><tr><th scope="col">Image</th><th scope="col">Machine</th><th scope="col">Firmware</th><th scope="col" class="number">As expected</th><th scope="col">Others</th><th scope="col" class="number">Half within</th><th scope="col" class="number">Longest</th></tr></thead>
<tbody>${groups.map(summary)}</tbody></table>
${isListed && html`<div class="noprint" id="every-boot"><h3>Every boot, by group</h3>${groups.map((group) => list(group, linked))}</div>`}`;
}

function groupsOf(boots: readonly BootView[]): Group[] {
  const machines = [
    ({ machine }: BootView) => machine,
    ({ machineType }: BootView) => machineType ?? 'unknown',
    () => 'all of them',
  ];
  const tried = machines.map((machine) => groupedBy(boots, machine));
  return tried.find(({ length }) => length <= MAX_GROUPS) ?? tried.at(-1) ?? [];
}

function groupedBy(boots: readonly BootView[], machineOf: (boot: BootView) => string): Group[] {
  const groups = new Map<string, BootView[]>();
  for (const boot of boots) {
    const key = JSON.stringify([imageOf(boot), machineOf(boot), boot.firmware ?? 'unknown']);
    const group = groups.get(key) ?? [];
    group.push(boot);
    groups.set(key, group);
  }
  const failed = ({ boots: of }: Group) => of.filter(({ state }) => isOther(state)).length;
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, of]) => {
      const [image, machine, firmware] = JSON.parse(key) as [string, string, string];
      return { image, machine, firmware, boots: of };
    })
    .sort((one, other) => failed(other) - failed(one));
}

const imageOf = ({ form, attach }: BootView) =>
  `${form === undefined ? 'unknown image' : FORM_WORDS[form]}${attach === undefined ? '' : `, ${attach}`}`;
const isOther = (state: BootView['state']) => state === 'bad' || state === 'unknown';

function summary({ image, machine, firmware, boots }: Group): Html {
  const held = boots.filter(({ state }) => !isOther(state));
  const count = (state: BootView['state']) => boots.filter((boot) => boot.state === state).length;
  const times = held.flatMap(({ durationMs }) => durationMs ?? []).sort((one, other) => one - other);
  const [half, longest] = [times[Math.ceil(times.length / 2) - 1], times.at(-1)];
  const time = (ms: number | undefined) => (ms === undefined ? 'unknown' : seconds(ms));
  const others = (['bad', 'unknown'] as const).filter((state) => count(state) > 0);
  return html`<tr><th scope="row">${image}</th><td>${machine}</td><td>${firmware}</td><td class="number">${grouped(held.length)} of ${grouped(boots.length)}</td><td>${
    others.length === 0
      ? html`${mark('good')}none`
      : others.map(
          (state, index) =>
            html`${index > 0 && ', '}${word(state, `${grouped(count(state))} ${state === 'bad' ? 'not as expected' : 'unknown'}`)}`,
        )
  }</td><td class="number">${time(half)}</td><td class="number">${time(longest)}</td></tr>
`;
}

function list({ image, machine, firmware, boots }: Group, linked: ReadonlySet<BootView>): Html {
  const rest = boots.length - MAX_ROWS;
  return fold(
    `${image}, ${machine}, ${firmware}: ${plural(boots.length, 'boot')}`,
    html`<ul class="short">${boots.slice(0, MAX_ROWS).map((boot) => row(boot, linked.has(boot)))}</ul>${rest > 0 && html`<p>${plural(rest, 'more boot')} of this group ${rest === 1 ? 'is' : 'are'} told by the folder alone.</p>`}`,
  );
}

/** Writes a boot in a line; nothing more for one that is as expected, of which there are thousands. */
function row({ id, state, word: said, name, durationMs, source }: BootView, isLinked: boolean): Html {
  const time = durationMs === undefined ? 'of unknown length' : seconds(durationMs);
  if (isLinked)
    return html`<li>${mark(state)}<a href="#${id}">${name}</a> ${said}, ${time}</li>
`;
  return html`<li>${state !== 'good' && html`${mark(state)}${said}: `}${name} ${time} ${digest(source.sha256)}</li>
`;
}
