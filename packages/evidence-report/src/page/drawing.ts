// SPDX-License-Identifier: Apache-2.0
import type { ChainEdge, ChainNode } from '../model/model.js';
import { type Html, html } from './html.js';

/** The names of the columns, from the left. */
export const COLUMNS = ['Source and inputs', 'Builds', 'Images', 'Evidence', 'Decision'] as const;

/** Lengths of the drawing, in units of its own. */
const WIDTH = 1100;
const BOX = { width: 174, height: 48 } as const;
const ROW = 66;
const TOP = 34;
const STEP = (WIDTH - BOX.width - 2) / (COLUMNS.length - 1);

/** Where a box stands: its left upper corner. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** Draws the boxes and lines of a chain: positions follow from the counts alone, so that the same chain is always the same drawing. */
export function drawing(nodes: readonly ChainNode[], edges: readonly ChainEdge[]): Html {
  const columns = COLUMNS.map((_, column) => nodes.filter((node) => node.column === column));
  const rows = Math.max(1, ...columns.map((column) => column.length));
  const height = TOP + rows * ROW;
  const places = new Map<string, Place>();
  columns.forEach((column, index) => {
    const top = TOP + ((rows - column.length) * ROW) / 2;
    column.forEach(({ id }, row) => {
      places.set(id, { x: 1 + index * STEP, y: top + row * ROW });
    });
  });
  const ports = portsOf(edges, places);
  return html`<svg class="chain" viewBox="0 0 ${WIDTH} ${fixed(height)}" role="group" aria-label="The chain, drawn; each box leads to its part of the page">
${COLUMNS.map(
  (title, index) => html`<text class="head" x="${fixed(1 + index * STEP)}" y="16">${title}</text>
`,
)}
${[...edges].sort((one, other) => order(one) - order(other)).map((edge) => line(edge, ports))}
${nodes.map((node) => box(node, places.get(node.id)))}
</svg>`;
}

/** Broken lines are drawn last, over the others. */
const order = ({ state }: ChainEdge) => (state === 'differs' ? 1 : 0);

const fixed = (value: number) => String(Math.round(value * 10) / 10);

/** Gives each end of each line a height of its own at its box, in the order of the other ends, so that lines do not cross there. */
function portsOf(
  edges: readonly ChainEdge[],
  places: ReadonlyMap<string, Place>,
): ReadonlyMap<ChainEdge, { from: number; to: number }> {
  const heightOf = (id: string) => places.get(id)?.y ?? 0;
  const port = (edge: ChainEdge, end: 'from' | 'to') => {
    const far = end === 'from' ? 'to' : 'from';
    const mates = edges
      .filter((other) => other[end] === edge[end])
      .sort((one, other) => heightOf(one[far]) - heightOf(other[far]) || (one[far] < other[far] ? -1 : 1));
    const room = BOX.height - 16;
    const gap = mates.length > 1 ? Math.min(12, room / (mates.length - 1)) : 0;
    return heightOf(edge[end]) + BOX.height / 2 + (mates.indexOf(edge) - (mates.length - 1) / 2) * gap;
  };
  return new Map(
    edges.map((edge) => [
      edge,
      {
        from: port(edge, 'from'),
        to: port(edge, 'to'),
        x1: (places.get(edge.from)?.x ?? 0) + BOX.width,
        x2: places.get(edge.to)?.x ?? 0,
      },
    ]),
  );
}

function line(edge: ChainEdge, ports: ReturnType<typeof portsOf>): Html {
  const { from, to, x1, x2 } = ports.get(edge) as { from: number; to: number; x1: number; x2: number };
  const bend = Math.max(20, (x2 - x1) / 2);
  const [middle, level] = [(x1 + x2) / 2, (from + to) / 2];
  const path = html`<path class="${edge.state}" d="M${fixed(x1)} ${fixed(from)}C${fixed(x1 + bend)} ${fixed(from)} ${fixed(x2 - bend)} ${fixed(to)} ${fixed(x2)} ${fixed(to)}"/>
`;
  if (edge.state !== 'differs') return path;
  return html`${path}<path class="cross" d="M${fixed(middle - 6)} ${fixed(level - 6)}l12 12m0-12l-12 12"/><text class="torn" x="${fixed(middle)}" y="${fixed(level - 11)}">differs</text>
`;
}

function box({ state, name, note, sha256, to }: ChainNode, place: Place = { x: 0, y: 0 }): Html {
  const { x, y } = place;
  const below = note !== '' ? note : (sha256 ?? '').slice(0, 12);
  return html`<a href="#${to}" class="${state}"><rect x="${fixed(x)}" y="${fixed(y)}" width="${BOX.width}" height="${BOX.height}" rx="5"/><use href="#m-${state}" x="${fixed(x + 10)}" y="${fixed(y + 8)}" width="15" height="15"/><text x="${fixed(x + 32)}" y="${fixed(y + 20)}">${shorten(name, 20)}</text><text class="${note === '' ? 'below sum-line' : 'below'}" x="${fixed(x + 32)}" y="${fixed(y + 38)}">${shorten(below, 22)}</text></a>
`;
}

const shorten = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
