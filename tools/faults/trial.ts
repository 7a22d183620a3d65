// SPDX-License-Identifier: Apache-2.0
import { type Effects, traceEffects } from './effects.js';
import { ANSWER_FAULTS, AT_ONCE, type Fault, INPUT_FAULTS, meet, WRITE_FAULTS } from './faults.js';
import type { OpenLab } from './lab.js';
import { type Stage, setStage } from './play.js';
import { isGuard, nameOf, type Scene } from './scene.js';

/** What came of one fault, wherever it was put. */
export interface Cell {
  readonly outcomes: ReadonlySet<string>;
  /** How many places were tried, and how many there are. */
  readonly tried: number;
  readonly places: number;
}

/** What came of one scene. */
export interface Trial {
  readonly scene: Scene;
  readonly name: string;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly effects: Effects | undefined;
}

/** Chooses what of a scene is tried. */
export interface Selection {
  faults(scene: Scene): readonly Fault[];
  /** Returns which of `places` calls are tried, from 1 on. */
  places(scene: Scene, fault: Fault, places: number): readonly number[];
  traces(scene: Scene): boolean;
}

/** Returns every fault that a scene can meet. */
export const faultsOf = (scene: Scene): readonly Fault[] => [
  ...(scene.leaves === 'files' ? [...WRITE_FAULTS, AT_ONCE] : []),
  ...ANSWER_FAULTS,
  ...INPUT_FAULTS.filter(({ calls }) => calls === 'open' || !isGuard(scene)),
];

/** Tries a scene. @throws Error for what must not be */
export async function tryScene(scene: Scene, lab: OpenLab, selection: Selection): Promise<Trial> {
  const stage = await setStage(scene, lab);
  const cells = new Map<string, Cell>();
  for (const fault of selection.faults(scene)) {
    const places = fault.calls === undefined ? 1 : stage.calls[fault.calls];
    cells.set(fault.name, await tryFault(stage, fault, places, selection));
  }
  const effects = selection.traces(scene) ? traceEffects(scene, lab, stage.folder) : undefined;
  stage.close();
  return { scene, name: nameOf(scene), cells, effects };
}

/** Tries a fault at those of `places` calls that are chosen. */
async function tryFault(stage: Stage, fault: Fault, places: number, selection: Selection): Promise<Cell> {
  const outcomes = new Set<string>();
  const chosen = selection.places(stage.scene, fault, places);
  for (const at of chosen) outcomes.add(await meet(stage, fault, at));
  return { outcomes, tried: chosen.length, places };
}

/** Does work on each of a list, two at a time; every failure is told at the end. */
export async function eachOf<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const left = list.map((one, index) => ({ one, index }));
  const takeOver = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      try {
        results[next.index] = await work(next.one);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all([takeOver(), takeOver()]);
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
  return results;
}
