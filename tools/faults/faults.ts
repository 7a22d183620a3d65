// SPDX-License-Identifier: Apache-2.0
/** The faults that every command meets. */
import { constants } from 'node:os';
import { judgeFailure, judgeKill, requireNew, stateOf } from './judge.js';
import type { CallClass, Ended, Stage } from './play.js';

const { ENOSPC, EIO, EROFS, EMFILE } = constants.errno;

/** One column of a table. */
export interface Fault {
  readonly name: string;
  /** The calls that it is put into, one a run; undefined for a fault that there is one of. */
  readonly calls?: CallClass;
  /** Runs the scene with the fault in the nth of those calls, and returns what came of it. @throws Error for what must not be */
  meet(stage: Stage, at: number): Promise<string>;
}

const failing = (name: string, calls: CallClass, errno: number, stays = '0'): Fault => ({
  name,
  calls,
  async meet(stage, at) {
    const fault = { FAULT_CLASS: calls, FAULT_AT: `${at}`, FAULT_ERRNO: `${errno}`, FAULT_STAYS: stays };
    return judgeFailure(stage, await stage.run({ fault }));
  },
});

/** Faults while something is written. */
export const WRITE_FAULTS: readonly Fault[] = [
  {
    name: 'killed',
    calls: 'change',
    async meet(stage, at) {
      return judgeKill(stage, await stage.run({ fault: { FAULT_CLASS: 'change', FAULT_AT: `${at}` } }));
    },
  },
  failing('ENOSPC', 'change', ENOSPC, '1'),
  failing('EIO', 'change', EIO),
  failing('EROFS', 'change', EROFS),
  failing('EMFILE', 'open', EMFILE),
];

const around = (name: string, line: string): Fault => ({
  name,
  async meet(stage) {
    return judgeFailure(stage, await stage.run({ around: line }));
  },
});

/** Two runs of the same command at once, in the same folder. */
export const AT_ONCE: Fault = {
  name: 'two at once',
  async meet(stage) {
    const ended = await Promise.all([stage.run(), stage.run()]);
    const [better, worse] = ended.sort((a, b) => (a.status ?? 999) - (b.status ?? 999)) as [Ended, Ended];
    if (better.status !== 0) throw new Error(`neither is done: ${better.stderr}${worse.stderr}`);
    const { scene } = stage;
    const shared = scene.mayShare ? { ...stage, scene: { ...scene, mayHold: scene.mayShare } } : stage;
    // The second may have found there what the first one made, and say so.
    if (worse.status !== 0) return `done and ${judgeFailure(shared, worse)}`;
    if (scene.mayShare) stateOf(shared);
    else requireNew(stage);
    return 'both done';
  },
};

/** Faults of the answer. */
export const ANSWER_FAULTS: readonly Fault[] = [
  around('stdout full', 'exec COMMAND >/dev/full'),
  around('stdout closed', 'exec COMMAND >&-'),
  {
    name: 'stdout unread',
    // The one reader goes before the first byte is written.
    async meet(stage) {
      const fifo = `'${stage.folder}.fifo'`;
      const line = `mkfifo ${fifo}; exec 3<>${fifo} 4>${fifo} 3<&-; rm ${fifo}; exec COMMAND >&4`;
      return judgeFailure(stage, await stage.run({ around: line }));
    },
  },
  {
    name: 'stdout EIO',
    async meet(stage) {
      const fault = { FAULT_CLASS: 'out', FAULT_AT: '1', FAULT_ERRNO: `${EIO}` };
      return judgeFailure(stage, await stage.run({ fault }));
    },
  },
];

/** Faults of what is read. */
export const INPUT_FAULTS: readonly Fault[] = [
  failing('read EIO', 'read', EIO),
  failing('list EIO', 'list', EIO),
  failing('open EMFILE', 'open', EMFILE),
];

/** Puts a fault into the nth of its calls, and returns what came of it. @throws Error for what must not be */
export async function meet(stage: Stage, fault: Fault, at: number): Promise<string> {
  try {
    return await fault.meet(stage, at);
  } catch (error) {
    throw new Error(
      `${stage.scene.command} ${stage.scene.argv.join(' ')}: ${fault.name} at call ${at}: ${error}`,
    );
  } finally {
    stage.reset();
  }
}
