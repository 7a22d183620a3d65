// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlace } from './place.mjs';

/**
 * Does jobs, several at a time, each when those are done that it comes after: the first of the list that can be.
 * @param jobs each with its `name`, the names of those it comes `after`, and what it is: a `script`, of Node, with its arguments, in a process of its
 *   own; or a `message` to a worker
 * @param options.worker the script of the workers, as openPlace has it; options.size how many jobs are done at a time
 * @returns the end of each, as it comes: its `name`, its `status` (success, failure, or skipped where one before it was not done), its `output`,
 *   and `startTime` and `endTime`, in milliseconds
 * @throws Error where jobs come after each other
 */
export async function* doJobs(jobs, { cwd, worker, size, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-jobs-'));
  const places = Array.from({ length: Math.min(size, jobs.length) }, (_, at) =>
    openPlace(join(folder, `output-${at}`), { cwd, worker, env }),
  );
  // Each holds what it needs of it.
  rmSync(folder, { recursive: true });
  const waiting = new Set(jobs);
  const statusOf = new Map();
  const running = new Map();
  const isKnown = new Set(jobs.map(({ name }) => name));
  const statusesBefore = ({ after }) =>
    after.filter((name) => isKnown.has(name)).map((name) => statusOf.get(name));
  try {
    while (waiting.size > 0 || running.size > 0) {
      const lost = [...waiting].find((job) =>
        statusesBefore(job).some((s) => s !== undefined && s !== 'success'),
      );
      const next = [...waiting].find((job) => statusesBefore(job).every((status) => status === 'success'));
      const free = places.find((place) => !running.has(place));
      if (lost !== undefined) {
        waiting.delete(lost);
        statusOf.set(lost.name, 'skipped');
        yield { name: lost.name, status: 'skipped', output: '' };
      } else if (next !== undefined && free !== undefined) {
        waiting.delete(next);
        running.set(free, doJob(next, free));
      } else {
        if (running.size === 0) throw new Error(`${[...waiting][0].name}: comes after itself`);
        const { place, ...end } = await Promise.race(running.values());
        running.delete(place);
        statusOf.set(end.name, end.status);
        yield end;
      }
    }
  } finally {
    // Whoever wants no more of it waits for what is under way, which tells its end by what is closed here.
    await Promise.allSettled(running.values());
    for (const place of places) place.close();
  }
}

async function doJob({ name, script, message }, place) {
  const startTime = Date.now();
  const { hasHeld, output } = await (script === undefined ? place.ask(message) : place.run(script));
  return { place, name, status: hasHeld ? 'success' : 'failure', output, startTime, endTime: Date.now() };
}
