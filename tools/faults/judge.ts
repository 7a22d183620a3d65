// SPDX-License-Identifier: Apache-2.0
/** What came of a run that met a fault, in a few words; what must never be is an error. */
import type { Ended, Stage } from './play.js';
import { lasting, readTree, temporaries } from './tree.js';

/**
 * Returns how a folder was left: as before, as it was to become, or between the two with each file whole.
 * @throws Error for half a file, and for anything that a lane did that only prints
 */
export function stateOf({ scene, folder, before, after, isOld, isNew }: Stage): 'old' | 'new' | 'whole' {
  const found = lasting(readTree(folder));
  const paths = [...new Set([...lasting(before).keys(), ...lasting(after).keys(), ...found.keys()])];
  const changed = paths.filter((path) => !isOld(path, found.get(path)));
  if (changed.length === 0) return 'old';
  if (scene.leaves === 'nothing') throw new Error(`writes ${changed}`);
  const unfinished = paths.filter((path) => !isNew(path, found.get(path)));
  if (unfinished.length === 0) return 'new';
  const half = changed.filter(
    (path) => unfinished.includes(path) && !(scene.mayHold?.(path, found.get(path)) ?? false),
  );
  if (half.length > 0) throw new Error(`neither what they were nor what they are to be: ${half}`);
  return 'whole';
}

/** Returns what came of a run, and the state in words where there is one to tell of. */
function withState(stage: Stage, outcome: string): string {
  const state = stateOf(stage);
  return stage.scene.leaves === 'nothing' ? outcome : `${outcome}, ${state}`;
}

/** Judges a run in which a call failed. @throws Error for one that gives no reason, or a wrong one */
export function judgeFailure(stage: Stage, ended: Ended): string {
  const { status, signal, stdout, stderr } = ended;
  const { scene } = stage;
  if (signal !== null || status === null) throw new Error(`ended by ${signal}`);
  const left = temporaries(readTree(stage.folder)).length > 0 ? ', a temporary stays' : '';
  if (status === 0) {
    // Of what could not be removed a person has to know.
    const isTold = /^[a-z][^\n]* could not be removed[^\n]*\n$/.test(stderr);
    if (left === '' ? stderr !== '' : !isTold) throw new Error(`done${left}, and said: ${stderr}`);
    if (!stage.isAnswer(stdout)) throw new Error(`another answer: ${stdout.slice(0, 400)}`);
    requireNew(stage);
    return `done${left}`;
  }
  const isTold = scene.tells && status <= 2;
  if (stdout !== '' && !scene.tells) throw new Error(`${status} with an answer: ${stdout.slice(0, 200)}`);
  if (!(isTold && stderr === '') && !/^[a-z][^\n]{0,1500}\n$/.test(stderr))
    throw new Error(`${status} without a line of reason: ${stderr.slice(0, 400)}`);
  if (stderr.includes('internal error')) throw new Error(stderr);
  return `${withState(stage, String(status))}${left}`;
}

/** Judges a run that was killed, and the run after it. */
export async function judgeKill(stage: Stage, ended: Ended): Promise<string> {
  if (ended.signal !== 'SIGKILL') throw new Error(`not killed: ${ended.status} ${ended.stderr}`);
  const outcome = withState(stage, 'killed').replace('killed, ', '');
  const left = temporaries(readTree(stage.folder)).length > 0;
  const next = await stage.run();
  const nextLeft = temporaries(readTree(stage.folder)).length > 0;
  if (next.status === 0) requireNew(stage);
  const after = next.status === 0 ? '' : `, then ${next.status}`;
  return `${outcome}${left ? `, a temporary ${nextLeft ? 'stays' : 'goes with the next run'}` : ''}${after}`;
}

/** Refuses a folder in which something is missing although the run was good. */
export function requireNew(stage: Stage): void {
  const state = stateOf(stage);
  const isWritten =
    stage.scene.leaves === 'files' && [...stage.after].some(([path, found]) => !stage.isOld(path, found));
  if (isWritten && state !== 'new') throw new Error(`done, and all is ${state}`);
}
