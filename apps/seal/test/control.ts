// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest';
import { type Fault, interruptAll, runAt } from './inject.js';
import { type Anchoring, type Artifacts, argvOf, type Scene, type State } from './scene.js';
import { type Step, traceSteps } from './steps.js';
import type { Ended } from './strace.js';

/** A run that nothing disturbs, with which disturbed ones are compared. */
export interface Control {
  /** The artifacts before it, and after it. */
  readonly before: Artifacts;
  readonly leftovers: readonly string[];
  readonly after: Artifacts;
  readonly ended: Ended;
  readonly steps: readonly Step[];
  /** Runs the same with a fault put into one of the steps. */
  disturb(step: Step, fault: Fault): Ended;
  /** Runs the same with all of these steps interrupted, each of which is a call of another name. */
  interrupt(steps: readonly Step[]): Ended;
}

const controls = new WeakMap<Scene, Map<string, Control>>();

/** Runs a command in a project of that state, once for a test file: it goes the same way every time. */
export function playControl(scene: Scene, anchoring: Anchoring, command: string, state: State): Control {
  const known = controls.get(scene) ?? new Map<string, Control>();
  controls.set(scene, known);
  const key = [anchoring, command, state].join();
  const control = known.get(key) ?? play(scene, anchoring, command, state);
  known.set(key, control);
  return control;
}

function play(scene: Scene, anchoring: Anchoring, command: string, state: State): Control {
  const traced = scene.traced(anchoring, argvOf(command));
  const lay = () => scene.lay(state);
  lay();
  const before = scene.artifacts();
  const leftovers = scene.leftovers();
  const { steps, ended } = traceSteps(traced);
  expect(ended, command).toMatchObject({ status: 0, stderr: '' });
  const after = scene.artifacts();
  return {
    before,
    leftovers,
    after,
    ended,
    steps,
    disturb: (step, fault) => runAt(step, fault, traced, lay),
    interrupt: (interrupted) => interruptAll(interrupted, traced, lay),
  };
}
