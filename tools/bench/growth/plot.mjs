// SPDX-License-Identifier: Apache-2.0
/** Draws curves as SVG, both axes logarithmic, a panel for each, in the light or the dark as whoever looks at it wants it. */
import { logAxis } from './axis.mjs';

const [WIDTH, HEIGHT] = [300, 240];
const [LEFT, RIGHT, TOP, BOTTOM] = [62, 16, 44, 42];
const MARGIN = 16;
const COLUMNS = 3;
const [INNER_WIDTH, INNER_HEIGHT] = [WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];

const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1f2328; --faint: #d1d9e0; --soft: #59636e; --line: #0969da; --other: #bc4c00; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0d1117; --ink: #f0f6fc; --faint: #3d444d; --soft: #9198a1; --line: #4493f8; --other: #f0883e; }
}
text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.title { font-weight: 600; }
.soft { fill: var(--soft); font-size: 11px; }
.grid { stroke: var(--faint); }
.slope { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; }
.curve0 { stroke: var(--line); fill: none; stroke-width: 2; }
.curve1 { stroke: var(--other); fill: none; stroke-width: 2; }
.point0 { fill: var(--line); }
.point1 { fill: var(--other); }
`;

const escapeText = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.codePointAt(0)};`);
const round = (value) => Number(value.toFixed(1));
const text = (x, y, words, more = '') =>
  `<text x="${round(x)}" y="${round(y)}"${more}>${escapeText(words)}</text>`;

/**
 * Returns a picture with a panel for each subject, three in a row. The dashed line of each has the slope 1: what grows in
 * proportion goes along it, what grows faster crosses it upwards. It goes through the last point of the first curve.
 * @param picture `title` and `description`, for whoever does not see it; `curves`, the names of the curves; `y`, the unit of all
 * @param panels `{ title, note, x, points }`: the unit of `x`, and points `{ x, ys }` with a value for each curve
 * @throws RangeError for a value that is not above zero, or not finite: there is no place for it
 */
export function drawPlot({ title, description, curves, y }, panels) {
  const columns = Math.min(COLUMNS, panels.length);
  const [width, height] = [columns * WIDTH, Math.ceil(panels.length / columns) * HEIGHT + 24];
  const body = panels.map((panel, index) => {
    const place = `translate(${(index % columns) * WIDTH} ${Math.floor(index / columns) * HEIGHT})`;
    return `<g transform="${place}">\n${drawPanel(panel, y)}\n</g>`;
  });
  const legend = curves.map((name, index) => {
    const x = LEFT + index * 200;
    return `<circle class="point${index}" cx="${x}" cy="${height - 14}" r="4"/>${text(x + 10, height - 10, name)}`;
  });
  const last = LEFT + curves.length * 200;
  legend.push(
    `<path class="slope" d="M${last - 8} ${height - 14}h16"/>${text(last + 14, height - 10, 'in proportion (slope 1)')}`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<desc>${escapeText(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect width="${width}" height="${height}" fill="var(--paper)"/>`,
    ...body,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ title, note, x: unit, points }, yUnit) {
  const values = points.flatMap(({ x, ys }) => [x, ...ys]);
  const wrong = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw new RangeError(`${title}: ${wrong} has no place on a logarithmic axis`);
  const xs = logAxis(
    points.map(({ x }) => x),
    INNER_WIDTH,
    unit,
  );
  const ys = logAxis(
    points.flatMap((point) => point.ys),
    INNER_HEIGHT,
    yUnit,
  );
  const across = (x) => round(LEFT + xs.at(x));
  const up = (y) => round(TOP + INNER_HEIGHT - ys.at(y));
  const [right, bottom] = [LEFT + INNER_WIDTH, TOP + INNER_HEIGHT];
  const curves = points[0].ys.map((_, index) =>
    points.map((point) => [across(point.x), up(point.ys[index])]),
  );
  return [
    text(MARGIN, 18, title, ' class="title"'),
    text(MARGIN, 34, note, ' class="soft"'),
    ...xs.marks.flatMap(({ at, text: words }) => [
      `<path class="grid" d="M${round(LEFT + at)} ${TOP}V${bottom}"/>`,
      text(LEFT + at, bottom + 16, words, ' class="soft" text-anchor="middle"'),
    ]),
    ...ys.marks.flatMap(({ at, text: words }) => [
      `<path class="grid" d="M${LEFT} ${round(bottom - at)}H${right}"/>`,
      text(LEFT - 6, bottom - at + 4, words, ' class="soft" text-anchor="end"'),
    ]),
    slope(points, { across, up, bottom }),
    ...curves.flatMap((curve, index) => [
      `<polyline class="curve${index}" points="${curve.map((point) => point.join()).join(' ')}"/>`,
      ...curve.map(([x, y]) => `<circle class="point${index}" cx="${x}" cy="${y}" r="3"/>`),
    ]),
  ].join('\n');
}

/** Draws the line of slope 1 through the last point, as far down as the panel goes. */
function slope(points, { across, up, bottom }) {
  const last = points.at(-1);
  const [x, y] = [across(last.x), up(last.ys[0])];
  // A tenth as much of one is a tenth as much of the other: both axes are straight in logarithms.
  const [dx, dy] = [x - across(last.x / 10), up(last.ys[0] / 10) - y];
  const reach = Math.min((x - LEFT) / dx, (bottom - y) / dy);
  return `<path class="slope" d="M${x} ${y}L${round(x - dx * reach)} ${round(y + dy * reach)}"/>`;
}
