// SPDX-License-Identifier: Apache-2.0

import type { BootExpectation } from '../expectation.js';
import type { BootEnd } from '../observation.js';
import type { SerialText } from '../serial.js';
import { untilShown } from '../shown.js';
import type { ChildGroup } from './child.js';
import type { Monitor } from './monitor.js';
import { type BoundedFile, findFlood, watchSerial, watchSizes } from './watch.js';

/** The conditions that end a run, beside its guest. */
export interface StopConditions {
  readonly timeoutMs: number;
  /** Files that may not grow beyond their limit. */
  readonly bounded: readonly BoundedFile[];
  readonly serialPath: string;
  /** Returns whether the run ends with this line of the serial log. */
  readonly until: ((line: string) => boolean) | undefined;
  /** What the serial log has to show, whereupon the run ends. */
  readonly shows: BootExpectation | undefined;
  /** Is given what the serial log shows, as it grows. */
  readonly onSerial: (log: SerialText) => void;
  readonly signal: AbortSignal | undefined;
}

/** The event that brings a run to its end. */
export type Stop =
  | { readonly kind: 'exited' | 'timeout' | 'interrupted' }
  /** QEMU does not say what it is. */
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'shutdown'; readonly reason: string }
  | { readonly kind: 'flood'; readonly file: BoundedFile }
  | { readonly kind: 'line'; readonly line: string };

/** The time that a child gets to follow SIGTERM, in milliseconds. */
export const GRACE_MS = 1000;

/**
 * Waits for the first thing that ends the run; returns a promise of it, and a function that removes all the
 * listeners.
 */
export function firstStop(
  conditions: StopConditions,
  child: ChildGroup,
  monitor: Monitor,
  starting: Promise<unknown>,
) {
  const { timeoutMs, bounded, serialPath, onSerial, signal } = conditions;
  let release = () => {};
  const stop = new Promise<Stop>((resolve, reject) => {
    const timers = [setTimeout(resolve, timeoutMs, { kind: 'timeout' } satisfies Stop)];
    starting.catch((error: unknown) => {
      // A QEMU that ends hangs up as well, and how it ends says more; an end that is known already goes first.
      const refuse = () => setImmediate(resolve, { kind: 'refused', error } satisfies Stop);
      timers.push(setTimeout(refuse, child.socket.destroyed ? GRACE_MS : 0));
    });
    const findStop = stopIn(conditions);
    const look = (log: SerialText, seen: number) => {
      onSerial(log);
      const line = findStop(log, seen);
      if (line !== undefined) resolve({ kind: 'line', line });
      return line !== undefined;
    };
    const watches = [
      watchSizes(bounded, (file) => resolve({ kind: 'flood', file }), reject),
      watchSerial(serialPath, look, reject),
    ];
    child.exited.then(() => resolve({ kind: 'exited' }), reject);
    monitor.onShutdown((reason) => resolve({ kind: 'shutdown', reason }));
    const interrupt = () => resolve({ kind: 'interrupted' });
    signal?.addEventListener('abort', interrupt);
    if (signal?.aborted) interrupt();
    release = () => {
      for (const timer of timers) clearTimeout(timer);
      for (const unwatch of watches) unwatch();
      signal?.removeEventListener('abort', interrupt);
    };
  });
  return { stop, release: () => release() };
}

/** Returns the search for the line that ends a run, in what a log shows beyond the lines that it showed before. */
function stopIn({ until, shows }: StopConditions) {
  const shown = shows && untilShown(shows);
  return (log: SerialText, seen: number): string | undefined => {
    for (const line of log.lines.slice(seen)) {
      if (until?.(line)) return line;
      const at = shown?.line(line);
      if (at !== undefined) return at;
    }
    return shown?.log(log);
  };
}

/** Returns how a run whose child is gone came to its end. */
export async function endOf(stop: Stop, conditions: StopConditions, child: ChildGroup): Promise<BootEnd> {
  if (stop.kind === 'timeout') return { kind: 'timeout', timeoutMs: conditions.timeoutMs };
  // Also one that was over before anybody looked.
  const flooded = stop.kind === 'flood' ? stop.file : findFlood(conditions.bounded);
  if (flooded !== undefined) return { kind: 'flood', limitBytes: flooded.maxBytes };
  if (stop.kind === 'line') return { kind: 'stopped', line: stop.line };
  const exit = await child.exited;
  if ('signal' in exit) return { kind: 'signal', signal: exit.signal };
  const shutdown = stop.kind === 'shutdown' ? { shutdown: stop.reason } : {};
  return { kind: 'exit', code: exit.code, ...shutdown };
}
