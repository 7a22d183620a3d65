// SPDX-License-Identifier: Apache-2.0
/**
 * The table of growth, and its pictures: each series from its smallest size to its largest, all that is quick several times. Eight minutes
 * and 12 GB of disk on a machine that does nothing else.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleTo } from '../bundle.mjs';
import { UNITS } from './axis.mjs';
import { lastExponent } from './exponent.mjs';
import { measureLeast } from './measure.mjs';
import { drawPlot } from './plot.mjs';
import { growthSeries } from './series.mjs';

export const GROWTH_HEAD = [
  '| what | at most | takes | seconds of processors | exponent: time, processors | most memory | exponent |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];
const CURVES = ['from start to end', 'processors busy'];

/**
 * Measures all series, adds a row for each and one for the steepest, and writes two pictures.
 * @param options.add takes the cells of a row
 * @param options.pictures the folder that takes growth-time.svg and growth-memory.svg
 * @param options.scale what every size is multiplied by
 */
export async function growthRows({ add, app, folder, scale, pictures }) {
  const lay = join(folder, 'lay.cjs');
  await bundleTo(new URL('lay.ts', import.meta.url), lay);
  const built = (name) => import(new URL(`../../../packages/disk-image/dist/${name}`, import.meta.url));
  const diskImage = { ...(await built('index.js')), ...(await built('iso9660/index.js')) };
  const measured = growthSeries({ app, folder, lay, diskImage }).map((series) => {
    const points = [...new Set(series.sizes.map((size) => scaled(size, scale)))].map((size) => {
      const point = { x: size, ...measureLeast(series.at(size)) };
      const said = `${point.seconds.toFixed(2)} s, ${point.work.toFixed(2)} s of processors, ${point.mib.toFixed(0)} MiB`;
      process.stderr.write(`${series.title} ${series.unit.write(size)}: ${said}\n`);
      return point;
    });
    series.end();
    const steep = (what) => lastExponent(points.map((point) => ({ x: point.x, y: point[what] })));
    return { ...series, points, time: steep('seconds'), work: steep('work'), memory: steep('mib') };
  });
  for (const { what, unit, points, time, work, memory } of measured) {
    const { x, seconds, work: busy, mib } = points.at(-1);
    const steepness = `${shown(time)}, ${shown(work)}`;
    add(
      what,
      unit.write(x),
      `${seconds.toFixed(2)} s`,
      `${busy.toFixed(2)} s`,
      steepness,
      `${mib.toFixed(0)} MiB`,
      shown(memory),
    );
  }
  const most = (what) =>
    shown(Math.max(...measured.map((series) => series[what]).filter((value) => !Number.isNaN(value))));
  add(
    'the steepest of all: none above 1 is none above linear',
    '',
    '',
    '',
    `${most('time')}, ${most('work')}`,
    '',
    most('memory'),
  );
  draw(measured, pictures);
}

/** Writes an exponent; none is known of a single point. */
const shown = (exponent) => (Number.isFinite(exponent) ? exponent.toFixed(2) : 'unknown');

/** Returns a size that is tried out in its place: a whole one, of an even share. */
const scaled = (size, scale) => Math.max(1, Math.round(size * scale));

function draw(measured, pictures) {
  const panels = (note, ysOf) =>
    measured.map((series) => ({
      title: series.title,
      note: note(series),
      x: series.unit,
      points: series.points.map((point) => ({ x: point.x, ys: ysOf(point) })),
    }));
  const time = drawPlot(
    {
      title: 'How time grows',
      description:
        'Seconds of each command by the size of what it is given, both axes logarithmic, beside a line of slope 1.',
      curves: CURVES,
      y: UNITS.seconds,
    },
    // What took less than GNU time tells is drawn as its least.
    panels(
      ({ time, work }) => `exponents at the end: ${shown(time)}, ${shown(work)}`,
      ({ seconds, work }) => [seconds, Math.max(work, 0.01)],
    ),
  );
  const memory = drawPlot(
    {
      title: 'How memory grows',
      description:
        'The most memory of each command by the size of what it is given, both axes logarithmic, beside a line of slope 1.',
      curves: ['most memory'],
      y: UNITS.mebibytes,
    },
    panels(
      ({ memory }) => `exponent at the end: ${shown(memory)}`,
      ({ mib }) => [mib],
    ),
  );
  writeFileSync(join(pictures, 'growth-time.svg'), time);
  writeFileSync(join(pictures, 'growth-memory.svg'), memory);
}
