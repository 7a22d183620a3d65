// SPDX-License-Identifier: Apache-2.0
import { isOurs } from './call.js';
import type { Step } from './steps.js';
import { type Ended, strace, type Traced } from './strace.js';

/** A fault that strace puts into a call. */
export interface Fault {
  /** The effect, as strace has it: `error=EIO`, `retval=0`, `signal=SIGKILL`. */
  readonly effect: string;
  /** The number of calls of that name that it happens to from there on; one unless given. */
  readonly times?: number;
}

/** The number of times that a step is looked for again that was not hit. */
const MAX_ATTEMPTS = 10;

const injection = (call: string, nth: number, { effect, times = 1 }: Fault) => [
  ...['-e', `inject=${call}:${effect}:when=${times === 1 ? nth : `${nth}..${nth + times - 1}`}`],
];
const callsOf = (call: string, lines: readonly string[]) =>
  lines.filter((line) => line.startsWith(`${call}(`));

/** Runs with a fault put into the `nth` call of that name, and returns the calls up to there as well. */
export function runWith(call: string, nth: number, fault: Fault, run: Traced) {
  const { ended, lines } = strace(['-e', `trace=${call}`, ...injection(call, nth, fault)], run);
  return { ended, calls: callsOf(call, lines).slice(0, nth) };
}

/** Runs with a fault put into one of the steps. @param lay sets up the project, also for another attempt */
export function runAt(step: Step, fault: Fault, run: Traced, lay: () => void): Ended {
  let nth = step.nthOfAll;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    lay();
    const { ended, calls } = runWith(step.call, nth, fault, run);
    const next = placeOf(step, nth, calls, run);
    if (next === undefined) return ended;
    nth = next;
  }
  throw new Error(`${fault.effect} never hit ${step.text}`);
}

/** Runs while signals interrupt all of these steps, each a call of another name, three times each. */
export function interruptAll(steps: readonly Step[], run: Traced, lay: () => void): Ended {
  const names = steps.map(({ call }) => call);
  if (new Set(names).size < names.length) throw new TypeError(`one step a call, not ${names}`);
  let places = steps.map(({ nthOfAll }) => nthOfAll);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    lay();
    const injections = steps.flatMap(({ call }, index) =>
      injection(call, places[index] ?? 0, { effect: 'error=EINTR', times: 3 }),
    );
    const { ended, lines } = strace(['-e', `trace=${names}`, ...injections], run);
    const next = steps.map((step, index) => {
      const nth = places[index] ?? 0;
      return placeOf(step, nth, callsOf(step.call, lines).slice(0, nth), run);
    });
    if (next.every((place) => place === undefined)) return ended;
    places = places.map((nth, index) => next[index] ?? nth);
  }
  throw new Error(`never hit all of ${steps.map(({ text }) => text).join(', ')}`);
}

/**
 * Returns where to look for a step instead, if the `nth` of these calls was another one: what Node does for itself is
 * not always the same to the last call.
 */
function placeOf(step: Step, nth: number, calls: readonly string[], run: Traced): number | undefined {
  const ours = calls.flatMap((line, index) => (isOurs(line, run.project) ? [index + 1] : []));
  if (ours.length === step.nth && ours.at(-1) === nth) return undefined;
  return ours[step.nth - 1] ?? calls.length - ours.length + step.nth;
}
