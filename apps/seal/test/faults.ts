// SPDX-License-Identifier: Apache-2.0
/** Faults of the steps of a run, and the steps where they matter less than elsewhere. */
import type { Kind } from './call.js';
import type { Fault } from './inject.js';
import { FULL_SWEEP, type Step } from './steps.js';

/** A fault, and the reason that has to be told. */
export type Case = readonly [fault: Fault, reason: RegExp];

/** A number of interruptions longer than anybody waits for. */
const ENDLESS = 1000;
const error = (name: string, times = 1): Case => [
  { effect: `error=${name}`, times },
  new RegExp(`\\(${name}\\)`),
];

/**
 * The faults of each kind of call. An endless interruption is only for calls that Node does not repeat itself; a
 * listing that ends early is not here, as it looks like one that is complete.
 */
export const FAULTS: Record<Kind, readonly Case[]> = {
  open: [error('EIO'), error('EMFILE'), error('ENFILE')],
  look: [error('EIO'), error('ESTALE')],
  stat: [error('EIO'), error('ESTALE')],
  list: [error('EIO')],
  read: [
    error('EIO'),
    [{ effect: 'retval=0' }, /ended after \d+ bytes|something else is mounted/],
    error('EINTR', ENDLESS),
  ],
  close: [error('EIO')],
  'go to': [error('EIO'), error('EINTR', ENDLESS)],
  'file system': [error('EIO')],
  create: [error('ENOSPC'), error('EROFS'), error('EMFILE'), error('EIO')],
  write: [
    error('ENOSPC'),
    error('EIO'),
    error('EFBIG'),
    [{ effect: 'retval=0' }, /the system writes nothing/],
  ],
  'sync file': [error('EIO'), error('ENOSPC'), error('EINVAL')],
  'sync folder': [error('EIO'), error('ENOSPC')],
  rename: [error('EIO'), error('EROFS'), error('ENOSPC')],
  remove: [error('EIO'), error('EROFS')],
  'make folder': [error('ENOSPC'), error('EROFS'), error('EIO')],
};

/** Yields each step with each of its faults in a full sweep; every day with one of them, in turn. */
export function* casesOf(steps: readonly Step[]): Generator<{ step: Step; fault: Fault; reason: RegExp }> {
  for (const [at, step] of steps.entries()) {
    // What has come to its end cannot end early.
    const all = FAULTS[step.kind].filter(([{ effect }]) => effect !== 'retval=0' || step.result !== '0');
    const chosen = FULL_SWEEP ? all : all.slice(at % all.length).slice(0, 1);
    for (const [fault, reason] of chosen) yield { step, fault, reason };
  }
}

/** Returns whether a run gets along without a step, which few are, each for a reason. Everything else has to end it. */
export function isDispensable(steps: readonly Step[], step: Step): boolean {
  const previous = steps[steps.indexOf(step) - 1];
  return (
    // Folders are then held the other way, and the report says so.
    step.kind === 'file system' ||
    // Of a listing: the names are all there by then.
    (step.kind === 'close' && previous?.kind === 'list')
  );
}

/** Returns whether all that is left is to close root and report folder: what is written is complete by then. */
export function isLeaving(steps: readonly Step[], step: Step): boolean {
  const rest = steps.slice(steps.indexOf(step));
  return rest.every(({ kind, text }) => kind === 'go to' || /^close \.(\/reports)?$/.test(text));
}
