// SPDX-License-Identifier: Apache-2.0
/** The thread that runs targets: bundled with the readers, instrumented, by `bundle.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './engine/fuzz.js';
import { countMemory } from './engine/judge.js';
import { TARGETS } from './targets/targets.js';
import { type Answer, PROGRESS, type Work } from './work.js';

async function answer(name: string, { seed, seeds, runs, limitMs, ...shared }: Work): Promise<Answer> {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) throw new Error(`no target is called ${name}`);
  const room = new Uint8Array(shared.current);
  const progress = new Int32Array(shared.progress);
  const untilMs = Date.now() + limitMs;
  let done = 0;
  /** Leaves the input where the other thread finds it, should this one hang or die of it. */
  const before = (bytes: Uint8Array) => {
    const kept = Math.min(bytes.length, room.length);
    room.set(bytes.subarray(0, kept));
    Atomics.store(progress, PROGRESS.bytes, kept);
    Atomics.add(progress, PROGRESS.runs, 1);
    return ++done < runs && Date.now() < untilMs;
  };
  const result = await fuzz(target, { seed, seeds: seeds[name] ?? [], before });
  const { branches, soundBranches } = result;
  return { target: name, ...result, branches: [...branches], soundBranches: [...soundBranches] };
}

const work = (workerData ?? undefined) as Work | undefined;
if (work === undefined) {
  // Without work it tells what there is.
  parentPort?.postMessage(TARGETS.map(({ name }) => name));
} else {
  countMemory();
  for (const [index, name] of work.targets.entries()) {
    Atomics.store(new Int32Array(work.progress), PROGRESS.target, index);
    parentPort?.postMessage(await answer(name, work));
  }
}
