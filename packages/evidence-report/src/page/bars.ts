// SPDX-License-Identifier: Apache-2.0
import type { BootView } from '../model/model.js';
import { type Html, html } from './html.js';

/** The ends that an axis of boots may have, in seconds: each is divided in four. */
const ENDS = [0.4, 0.8, 1.2, 2, 4, 8, 12, 16, 20, 40, 60, 80, 120, 160, 240, 400, 600, 800, 1200, 2400, 4000];

/** Returns the end of the one axis of all boots, in milliseconds. */
export function axisEnd(boots: readonly BootView[]): number {
  const longest = Math.max(
    1,
    ...boots.map(({ durationMs, parts }) => Math.max(durationMs ?? 0, parts.at(-1)?.to ?? 0)),
  );
  const end = ENDS.find((seconds) => seconds * 1000 >= longest);
  return end === undefined ? longest : end * 1000;
}

/** Writes the numbers below the bars. */
export function axis(end: number): Html {
  const label = (quarter: number) => {
    const tenths = Math.round((end * quarter) / 400);
    return tenths % 10 === 0 ? `${tenths / 10}` : `${Math.floor(tenths / 10)}.${tenths % 10}`;
  };
  return html`<span class="axis" aria-hidden="true"><span>0</span><span>${label(1)}</span><span>${label(2)}</span><span>${label(3)}</span><span>${label(4)} s</span></span>`;
}

const percent = (part: number, whole: number) => `${Math.round((part / whole) * 1000) / 10}%`;

/** Draws a boot on the axis: its parts one after the other, and the mark of its end. */
export function bar({ parts, state }: BootView, end: number): Html {
  const last = parts.at(-1);
  const ended =
    last === undefined
      ? undefined
      : html`<rect class="${state === 'bad' ? 'ph-fail' : 'ph-end'}" x="${percent(last.to, end)}" width="3"/>`;
  return html`<svg class="bar" aria-hidden="true">${parts.map(
    ({ phase, from, to }) =>
      html`<rect class="ph-${phase}" x="${percent(from, end)}" width="${percent(to - from, end)}"/>`,
  )}${ended}</svg>`;
}

const PHASES = ['firmware', 'loader', 'kernel', 'init'] as const;

/** Writes what the colours of the bars mean: those that there are. */
export function legend(boots: readonly BootView[]): Html {
  const seen = new Set(boots.flatMap(({ parts }) => parts.map(({ phase }) => phase)));
  return html`<ul class="phases">${PHASES.filter((phase) => seen.has(phase)).map((phase) => html`<li class="ph-${phase}">${phase}</li>`)}${
    seen.has('unrecorded') && html`<li class="ph-unrecorded">parts not recorded</li>`
  }<li class="ph-end">end</li>${boots.some(({ state }) => state === 'bad') && html`<li class="ph-fail">failed</li>`}</ul>`;
}
