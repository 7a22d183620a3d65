// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { mayMount, runOnDisk } from '../test/disk.js';
import { ANCHORINGS, type Artifacts, type State, testScene } from '../test/scene.js';
import type { Ended, Traced } from '../test/strace.js';

const scene = testScene();

/** Returns how a run ended, and expects that it passed, or told what it lacked and left nothing that passes. */
function outcomeOf(ended: Ended, reason: string, before: Artifacts, after: Artifacts): 'PASS' | 'told' {
  const found = scene.artifacts();
  if (ended.status === 0) {
    expect(ended).toMatchObject({ stdout: expect.stringMatching(/\nSTATUS: PASS\n$/), stderr: '' });
    expect(found).toEqual(after);
    return 'PASS';
  }
  expect(ended.stdout).not.toContain('STATUS: PASS');
  expect(ended.stdout + ended.stderr).toContain(reason);
  expect([1, 2]).toContain(ended.status);
  expect([undefined, before.hashList]).toContain(found.hashList);
  if (found.report !== before.report) expect(found.report).toContain('status=FAIL');
  return 'told';
}

/** Makes a run with a limit, as the shell's `ulimit` has it. */
const limited = (limit: string) => (traced: Pick<Traced, 'argv'>) => {
  const line = `ulimit -c 0 && ulimit ${limit} && exec "$0" "$@"`;
  const { status, signal, stdout, stderr } = spawnSync('sh', ['-c', line, ...traced.argv], {
    cwd: '/',
    encoding: 'utf8',
  });
  return { status, signal, stdout, stderr };
};

/** The number of descriptors that Node needs to start, found out once; it takes one more to read a script. */
let least: number | undefined;
function leastDescriptors(): number {
  if (least !== undefined) return least;
  let [tooFew, enough] = [9, 109];
  while (enough - tooFew > 1) {
    const count = (tooFew + enough) >> 1;
    const { status } = limited(`-n ${count}`)({ argv: [process.execPath, '-p', '1'] });
    if (status === 0) enough = count;
    else tooFew = count;
  }
  least = enough;
  return least;
}

describe.each(ANCHORINGS)('runs that lack something, with folders held by %s', (anchoring) => {
  const controls = new Map<State, { readonly before: Artifacts; readonly after: Artifacts }>();
  /** Returns what is there before and after a run that lacks nothing. */
  const control = (state: State) => {
    const known = controls.get(state);
    if (known !== undefined) return known;
    scene.lay(state);
    const before = scene.artifacts();
    expect(scene.run(anchoring, ['baseline']).status).toBe(0);
    const found = { before, after: scene.artifacts() };
    controls.set(state, found);
    return found;
  };
  /** Plays runs that lack less and less of something, and returns how they ended. */
  const play = (state: State, reason: string, runs: readonly ((traced: Traced) => Ended)[]) => {
    const traced = scene.traced(anchoring, ['baseline']);
    const { before, after } = control(state);
    return runs.map((run) => {
      scene.lay(state);
      return outcomeOf(run(traced), reason, before, after);
    });
  };

  it.skipIf(!mayMount)(
    'a run on a disk that is full says so, and passes as soon as all fits (needs unshare -Urm)',
    () => {
      const full = 'dd if=/dev/zero of=node_modules/fill bs=4096 2>/dev/null;';
      // Three files of a page each are written.
      const pages = [0, 1, 2, 4];
      const runs = pages.map(
        (free) => (traced: Traced) =>
          runOnDisk(traced, 'size=2m', `${full} truncate -s -${free * 4096} node_modules/fill`),
      );
      expect(play('new', '(ENOSPC)', runs)).toEqual(['told', 'told', 'told', 'PASS']);
    },
  );

  it.skipIf(!mayMount)('a run on a disk without inodes says so (needs unshare -Urm)', () => {
    const full = 'i=0; while (: >node_modules/$i) 2>/dev/null; do i=$((i+1)); done;';
    const runs = [0, 1, 2, 4].map((free) => (traced: Traced) => {
      const remove = Array.from({ length: free }, (_, index) => `node_modules/${index}`);
      return runOnDisk(traced, 'size=2m,nr_inodes=40', `${full} rm -f ${remove.join(' ')}`);
    });
    expect(play('new', '(ENOSPC)', runs)).toEqual(['told', 'told', 'told', 'PASS']);
  });

  it.skipIf(!mayMount)('a run on a disk that became read-only says so (needs unshare -Urm)', () => {
    const readOnly = (traced: Traced) => runOnDisk(traced, 'size=2m', 'mount -o remount,ro "$project"');
    expect(play('new', '(EROFS)', [readOnly])).toEqual(['told']);
    expect(play('used', '(EROFS)', [readOnly])).toEqual(['told']);
  });

  it('a run that may write no large files says so', () => {
    // In blocks of 512 bytes or of 1024, depending on the shell.
    expect(play('used', '(EFBIG)', ['-f 0', '-f 1', '-f 64'].map(limited))).toEqual(['told', 'told', 'PASS']);
  });

  it('a run that may not open many files says so, and passes as soon as they are enough', () => {
    const counts = [1, 2, 3, 4, 5, 15].map((more) => leastDescriptors() + more);
    const outcomes = play(
      'used',
      '(EMFILE)',
      counts.map((count) => limited(`-n ${count}`)),
    );
    expect(outcomes).toEqual(expect.arrayContaining(['told', 'PASS']));
    expect(outcomes.lastIndexOf('told')).toBeLessThan(outcomes.indexOf('PASS'));
  });
});
