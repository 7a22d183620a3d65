// SPDX-License-Identifier: Apache-2.0
import { isOurs } from './call.js';
import type { Step } from './steps.js';
import { type Ended, strace, type Traced } from './strace.js';

/** What happens to a call instead of what it is for. */
export interface Fault {
  /** As strace has it: `error=EIO`, `retval=0`, `signal=SIGKILL`. */
  readonly effect: string;
  /** To how many calls of that name from there on; to one unless given. */
  readonly times?: number;
}

/** A run with a fault put into the `nth` call of that name, and what it made of those up to there. */
export function runWith(call: string, nth: number, { effect, times = 1 }: Fault, run: Traced) {
  const when = times === 1 ? nth : `${nth}..${nth + times - 1}`;
  const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:${effect}:when=${when}`];
  const { ended, lines } = strace(inject, run);
  return { ended, calls: lines.filter((line) => line.startsWith(`${call}(`)).slice(0, nth) };
}

/** A run with a fault put into one of its steps. @param lay sets up the project, also for another attempt */
export function runAt(step: Step, fault: Fault, run: Traced, lay: () => void): Ended {
  let nth = step.nthOfAll;
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    lay();
    const { ended, calls } = runWith(step.call, nth, fault, run);
    const ours = calls.flatMap((line, index) => (isOurs(line, run.project) ? [index + 1] : []));
    if (ours.length === step.nth && ours.at(-1) === nth) return ended;
    // What Node does for itself is not always the same to the last call.
    nth = ours[step.nth - 1] ?? calls.length - ours.length + step.nth;
  }
  throw new Error(`${fault.effect} never hit ${step.text}`);
}
