// SPDX-License-Identifier: Apache-2.0
import type { BootEnd } from '../observation.js';
import type { ChildGroup } from './child.js';
import type { Monitor } from './monitor.js';
import { type BoundedFile, findFlood, watchLines, watchSizes } from './watch.js';

/** The conditions that end a run, beside its guest. */
export interface StopConditions {
  readonly timeoutMs: number;
  /** Files that may not grow beyond their limit. */
  readonly bounded: readonly BoundedFile[];
  readonly serialPath: string;
  /** Returns whether the run ends with this line of the serial log. */
  readonly until: ((line: string) => boolean) | undefined;
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
  const { timeoutMs, bounded, serialPath, until, signal } = conditions;
  let release = () => {};
  const stop = new Promise<Stop>((resolve, reject) => {
    const timers = [setTimeout(resolve, timeoutMs, { kind: 'timeout' } satisfies Stop)];
    starting.catch((error: unknown) => {
      // A QEMU that ends hangs up as well, and how it ends says more; an end that is known already goes first.
      const refuse = () => setImmediate(resolve, { kind: 'refused', error } satisfies Stop);
      timers.push(setTimeout(refuse, child.socket.destroyed ? GRACE_MS : 0));
    });
    const watches = [watchSizes(bounded, (file) => resolve({ kind: 'flood', file }), reject)];
    if (until !== undefined) {
      watches.push(watchLines(serialPath, until, (line) => resolve({ kind: 'line', line }), reject));
    }
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
