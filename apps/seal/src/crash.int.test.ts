// SPDX-License-Identifier: Apache-2.0
import { describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { isWrite } from '../test/call.js';
import { playControl } from '../test/control.js';
import { ANCHORINGS, type Artifacts, argvOf, type State, testScene } from '../test/scene.js';
import { behindWrites, FULL_SWEEP, lastOfEachKind, type Step, sampleOf } from '../test/steps.js';

const scene = testScene();

/**
 * The commands that write, each with the state of its project. The first writes everything; of the others a few steps
 * will do.
 */
const COMMANDS: readonly (readonly [command: string, state: State])[] = [
  ['baseline', 'used'],
  ['check', 'new'],
  ['verify', 'sealed'],
  ['init', 'bare'],
];

/**
 * Lists what may stand there when a run ends in the middle: each artifact whole, and none ahead of what it rests on.
 */
function stagesOf(before: Artifacts, after: Artifacts): readonly Artifacts[] {
  const cleared = { ...before, hashList: undefined };
  const listed = { ...before, hashList: after.hashList };
  const locked = { ...listed, lock: after.lock };
  return [before, cleared, listed, locked, after];
}

/** Returns the calls that a run is killed at: before each step that writes, and before what comes behind it. */
function killedAt(steps: readonly Step[], command: string): readonly Step[] {
  const writes = steps.filter(isWrite);
  if (!FULL_SWEEP && command !== 'baseline') return lastOfEachKind(writes);
  return [...new Set([...sampleOf(writes), ...behindWrites(steps)])];
}

describe.each(ANCHORINGS)('killed runs, with folders held by %s', (anchoring) => {
  /** The states that a next run was tried with: it knows nothing but what is there. */
  const repaired = new Set<string>();
  /** Expects of the next run that it leaves everything as it should be. */
  const expectRepaired = (command: string, after: Artifacts, where: string) => {
    const left = scene.leftovers().map((path) => path.replace(/\d+-[0-9a-f]{12}(?=\.tmp$)/, '*'));
    const state = JSON.stringify([command, scene.artifacts(), left.sort()]);
    if (!FULL_SWEEP && repaired.has(state)) return;
    repaired.add(state);
    const isThere = command === 'init' && scene.artifacts().manifest !== undefined;
    const { status, stdout, stderr } = scene.run(anchoring, argvOf(command));
    expect(`${status} ${stdout}${stderr}`, where).toMatch(
      isThere ? /^1 .*is there already/ : /^0 [\s\S]*STATUS: PASS\n$/,
    );
    expect(scene.artifacts(), where).toEqual(after);
    expect(scene.leftovers(), where).toEqual([]);
  };

  for (const [index, [command, state]] of COMMANDS.entries()) {
    // Every day each of the others is tried with one way of holding folders.
    if (!FULL_SWEEP && index > 0 && ANCHORINGS[index % 2] !== anchoring) continue;
    itWith(
      ['strace'],
      `a run killed at any step of ${command} leaves old artifacts or new ones, and the next run is fine`,
      () => {
        const { before, after, steps, disturb } = playControl(scene, anchoring, command, state);
        const stages = stagesOf(before, after);
        const points = killedAt(steps, command);
        let reached = 0;
        for (const step of points) {
          const where = `${anchoring} ${command} killed at ${step.text}`;
          expect(disturb(step, { effect: 'signal=SIGKILL' }), where).toMatchObject({
            signal: 'SIGKILL',
            stdout: '',
          });
          const found = scene.artifacts();
          expect(stages, where).toContainEqual(found);
          if (JSON.stringify(found) === JSON.stringify(after)) reached += 1;
          expectRepaired(command, after, where);
        }
        expect(reached).toBeGreaterThan(0);
        if (FULL_SWEEP) process.stdout.write(`${anchoring} ${command}: killed at ${points.length} calls\n`);
      },
      FULL_SWEEP ? 3_600_000 : 120_000,
    );
  }

  itWith(
    ['gcc', 'strace'],
    'a run killed in the middle of a write leaves no half of an artifact',
    () => {
      const { before, after } = playControl(scene, anchoring, 'baseline', 'used');
      const stages = stagesOf(before, after);
      for (let write = 1; ; write += FULL_SWEEP ? 1 : 11) {
        const where = `${anchoring}, write ${write}`;
        scene.lay('used');
        const { signal } = scene.run(anchoring, ['baseline'], { ...scene.short(), SHORT_KILL: `${write}` });
        if (signal === null) {
          expect(write).toBeGreaterThan(15);
          break;
        }
        expect(stages, where).toContainEqual(scene.artifacts());
        expectRepaired('baseline', after, where);
      }
    },
    120_000,
  );
});
