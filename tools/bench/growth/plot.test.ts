// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logAxis, UNITS } from './axis.mjs';
import { lastExponent } from './exponent.mjs';
import { drawPlot, type PlotPanel } from './plot.mjs';

const PICTURE = { title: 'Time', description: 'of all', curves: ['one'], y: UNITS.seconds };
const panel = (changes: Partial<PlotPanel> = {}): PlotPanel => ({
  title: 'files',
  note: 'last decade: 1.00',
  x: UNITS.count,
  points: [
    { x: 1, ys: [0.1] },
    { x: 10, ys: [1] },
    { x: 100, ys: [10] },
  ],
  ...changes,
});

/** Returns the names of elements that were opened and not closed; throws for one that closes another. */
function openElements(svg: string): string[] {
  const open: string[] = [];
  for (const [, close, name = '', empty] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (empty === '/') continue;
    if (close === '') open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes another`);
  }
  return open;
}

const circles = (svg: string) =>
  [...svg.matchAll(/<circle class="point0" cx="([^"]*)" cy="([^"]*)" r="3"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);

it('points of one decade after the other lie at equal distances, the first at the left, the last at the right and on top', () => {
  const points = circles(drawPlot(PICTURE, [panel()]));
  expect(points).toEqual([
    [62, 198],
    [173, 121],
    [284, 44],
  ]);
});

it('the line of slope 1 goes through the last point, and along what grows in proportion', () => {
  const svg = drawPlot(PICTURE, [panel()]);
  expect(svg).toContain('<path class="slope" d="M284 44L62 198"/>');
  const steep = drawPlot(PICTURE, [
    panel({
      points: [
        { x: 1, ys: [0.1] },
        { x: 10, ys: [10] },
      ],
    }),
  ]);
  // Half as high as the curve at the left end of the decade: ten of a hundred.
  expect(steep).toContain('<path class="slope" d="M284 44L62 121"/>');
});

it('each panel has its place, marks with units, its title and its note', () => {
  const svg = drawPlot(PICTURE, [panel(), panel(), panel(), panel({ title: 'sizes <&>', x: UNITS.bytes })]);
  expect([...svg.matchAll(/translate\(([^)]*)\)/g)].map(([, at]) => at)).toEqual([
    '0 0',
    '300 0',
    '600 0',
    '0 240',
  ]);
  expect(svg).toContain('>sizes &#60;&#38;&#62;</text>');
  expect(svg).toContain('>100 ms</text>');
  expect(svg).toContain('>16 B</text>');
  expect(svg).toContain('viewBox="0 0 900 504"');
  expect(svg).toContain('prefers-color-scheme: dark');
});

it('whatever is drawn is well-formed, has no NaN, and no point outside of its panel', () => {
  const value = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
  const curve = fc
    .uniqueArray(fc.record({ x: value, ys: fc.tuple(value) }), {
      minLength: 1,
      maxLength: 8,
      selector: ({ x }) => x,
    })
    .map((points) => points.toSorted((a, b) => a.x - b.x));
  fc.assert(
    fc.property(fc.string(), curve, fc.constantFrom(...Object.values(UNITS)), (title, points, x) => {
      const svg = drawPlot(PICTURE, [panel({ title, points, x })]);
      expect(openElements(svg)).toEqual([]);
      expect(svg.replace(/<text[^<]*<\/text>/g, '')).not.toMatch(/NaN|Infinity|undefined/);
      const places = circles(svg);
      expect(places).toHaveLength(points.length);
      for (const [cx = 0, cy = 0] of places) {
        expect(cx).toBeGreaterThanOrEqual(62);
        expect(cx).toBeLessThanOrEqual(284);
        expect(cy).toBeGreaterThanOrEqual(44);
        expect(cy).toBeLessThanOrEqual(198);
      }
    }),
  );
});

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a value of %d is refused: it has no place', (bad) => {
  expect(() => drawPlot(PICTURE, [panel({ points: [{ x: 1, ys: [bad] }] })])).toThrow(
    `files: ${bad} has no place on a logarithmic axis`,
  );
});

it('the marks of an axis say what they count in the largest unit that fits', () => {
  const texts = (values: number[], unit = UNITS.count) =>
    logAxis(values, 100, unit).marks.map(({ text }) => text);
  expect(texts([1000, 1_000_000])).toEqual(['1k', '10k', '100k', '1M']);
  expect(texts([2 ** 20, 2 ** 36], UNITS.bytes)).toEqual(['1 MiB', '16 MiB', '256 MiB', '4 GiB', '64 GiB']);
  expect(texts([0.05, 2], UNITS.seconds)).toEqual(['10 ms', '100 ms', '1 s', '10 s']);
  expect(texts([50, 300], UNITS.mebibytes)).toEqual(['10 MiB', '100 MiB', '1000 MiB']);
  expect(texts([5])).toEqual(['1', '10']);
});

it('the exponent of the last decade is the power that it grows by, whatever came before', () => {
  const points = (power: number) => [1, 10, 100, 1000].map((x) => ({ x, y: 7 * x ** power }));
  for (const power of [0, 0.5, 1, 2]) expect(lastExponent(points(power))).toBeCloseTo(power);
  expect(lastExponent([{ x: 1, y: 9 }, ...points(1).slice(2)])).toBeCloseTo(1);
  expect(lastExponent(points(1).filter(({ x }) => x !== 100))).toBeCloseTo(1);
  expect(lastExponent([])).toBeNaN();
  expect(lastExponent([{ x: 1, y: 1 }])).toBeNaN();
  expect(
    lastExponent([
      { x: 1, y: 0 },
      { x: 10, y: 1 },
    ]),
  ).toBeNaN();
});
