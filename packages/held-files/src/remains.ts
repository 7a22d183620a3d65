// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isPending } from './pending.js';
import { hiddenStem, isGone, makerOf } from './temporary-name.js';

/** Something half-written, under the name that it has until it is whole. */
export interface Remains {
  /** Absolute. */
  readonly path: string;
  /** The process that began it. */
  readonly process: number;
  /** Whether that process is gone: it was killed, and nobody goes on with this; unless it runs in another container, or on another machine. */
  readonly isGone: boolean;
}

/**
 * The name of the channel (node:diagnostics_channel) that is told of every {@link Remains} of a process that is gone, beside what is about to
 * be written or staged under the same name. Nobody looks for them where nobody listens.
 */
export const REMAINS_CHANNEL = 'latticra:remains';

/** Returns whether a name is that of something half-written, which is no result. */
export const isHalfWritten = (name: string): boolean => makerOf(name) !== undefined;

/**
 * Lists what is half-written in a folder; nothing for one that cannot be listed. What this process is at is not in it.
 * @param name what it was to become; anything unless given
 */
export function remainsIn(folder: string, name?: string): Remains[] {
  const stem = name === undefined ? undefined : hiddenStem(name);
  return namesIn(folder).flatMap((each) => {
    const maker = makerOf(each, stem);
    const path = join(resolve(folder), each);
    if (maker === undefined || isPending(path)) return [];
    // In a container every run may have the same number.
    return [{ path, process: maker, isGone: maker === process.pid || isGone(maker) }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Whoever writes there is told why that cannot be.
    return [];
  }
}

/** Tells who listens what earlier processes left half-written beside `target`, which is about to be written or staged. @internal */
export function tellRemains(target: string): void {
  tell(() => remainsIn(dirname(resolve(target)), basename(resolve(target))));
}

/** Tells who listens what earlier processes left half-written in a folder. @internal */
export function tellRemainsIn(folder: string): void {
  tell(() => remainsIn(folder));
}

function tell(find: () => Remains[]): void {
  // Not loaded with this module: most of what runs writes nothing.
  const channel = process.getBuiltinModule('node:diagnostics_channel').channel(REMAINS_CHANNEL);
  if (!channel.hasSubscribers) return;
  for (const each of find()) if (each.isGone) channel.publish(each);
}
