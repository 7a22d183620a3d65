// SPDX-License-Identifier: Apache-2.0
/** The faults that every command meets. */

import { readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { judgeFailure, judgeKill } from './judge.js';
import type { Ended, Stage } from './play.js';

const { ENOSPC, EIO, EROFS, EMFILE } = constants.errno;

/** One column of a table. */
export interface Fault {
  readonly name: string;
  /** The calls that it is put into, one a run; undefined for a fault that there is one of. */
  readonly calls?: 'change' | 'open' | 'read' | 'list';
  run(stage: Stage, at: number): Promise<Ended>;
  judge(stage: Stage, ended: Ended): string | Promise<string>;
}

const failing = (name: string, calls: NonNullable<Fault['calls']>, errno: number, stays = '0'): Fault => ({
  name,
  calls,
  run: (stage, at) =>
    stage.run({
      fault: { FAULT_CLASS: calls, FAULT_AT: `${at}`, FAULT_ERRNO: `${errno}`, FAULT_STAYS: stays },
    }),
  judge: judgeFailure,
});

/** Faults while something is written. */
export const WRITE_FAULTS: readonly Fault[] = [
  {
    name: 'killed',
    calls: 'change',
    run: (stage, at) => stage.run({ fault: { FAULT_CLASS: 'change', FAULT_AT: `${at}` } }),
    judge: judgeKill,
  },
  failing('ENOSPC', 'change', ENOSPC, '1'),
  failing('EIO', 'change', EIO),
  failing('EROFS', 'change', EROFS),
  failing('EMFILE', 'open', EMFILE),
];

const around = (name: string, line: string): Fault => ({
  name,
  run: (stage) => stage.run({ around: line }),
  judge: judgeFailure,
});

/** Two runs of the same command at once, in the same folder. */
export const AT_ONCE: Fault = {
  name: 'two at once',
  async run(stage) {
    const [one, other] = await Promise.all([stage.run(), stage.run()]);
    const [first, second] = [one, other].sort((a, b) => (a.status ?? 999) - (b.status ?? 999)) as [
      Ended,
      Ended,
    ];
    // The better end is judged first: where both are good, all that there is to be has to be there.
    return { ...second, stderr: second.stderr, stdout: `${first.status}\0${second.stdout}` };
  },
  judge(stage, ended) {
    const [first = '', stdout = ''] = ended.stdout.split('\0');
    const second = judgeFailure(stage, { ...ended, stdout });
    return `${first} and ${second}`;
  },
};

/** Faults of the answer. */
export const ANSWER_FAULTS: readonly Fault[] = [
  around('stdout full', 'exec COMMAND >/dev/full'),
  around('stdout closed', 'exec COMMAND >&-'),
  {
    name: 'stdout unread',
    // The one reader goes before the first byte is written.
    run: (stage) => {
      const fifo = `'${stage.folder}.fifo'`;
      return stage.run({
        around: `mkfifo ${fifo}; exec 3<>${fifo} 4>${fifo} 3<&-; rm ${fifo}; exec COMMAND >&4`,
      });
    },
    judge: judgeFailure,
  },
  {
    name: 'stdout EIO',
    run: (stage) => stage.run({ fault: { FAULT_CLASS: 'out', FAULT_AT: '1', FAULT_ERRNO: `${EIO}` } }),
    judge: judgeFailure,
  },
];

/** Faults of what is read. */
export const INPUT_FAULTS: readonly Fault[] = [
  failing('read EIO', 'read', EIO),
  failing('list EIO', 'list', EIO),
  failing('open EMFILE', 'open', EMFILE),
];

/** Counts the calls that a fault can be put into. */
export async function countCalls(stage: Stage, calls: Fault['calls']): Promise<number> {
  if (calls === undefined) return 1;
  const file = join(stage.folder, '..', `${stage.folder.split('/').pop()}.calls`);
  const { status, stderr } = await stage.run({ fault: { FAULT_CLASS: calls, FAULT_COUNT: file } });
  if (status !== 0) throw new Error(`${stage.scene.command} when its calls are counted: ${status} ${stderr}`);
  const found = readFileSync(file, 'utf8').split('\n').length - 1;
  rmSync(file);
  stage.reset();
  return found;
}

/** Puts a fault into the nth of its calls, and returns what came of it. @throws Error for what must not be */
export async function meet(stage: Stage, fault: Fault, at: number): Promise<string> {
  const ended = await fault.run(stage, at);
  try {
    return await fault.judge(stage, ended);
  } catch (error) {
    throw new Error(
      `${stage.scene.command} ${stage.scene.argv.join(' ')}: ${fault.name} at call ${at}: ${error}`,
    );
  } finally {
    stage.reset();
  }
}
