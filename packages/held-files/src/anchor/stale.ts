// SPDX-License-Identifier: Apache-2.0
import { hiddenStem, isGone, makerOf, temporaryName } from '../temporary-name.js';

/** Names of the temporaries that this process has at the moment. */
const live = new Set<string>();

/** Returns whether a file of this name is a temporary for `target`, of whatever process. */
export function isTemporaryName(name: string, target: string): boolean {
  return isFile(name) && makerOf(name, hiddenStem(target)) !== undefined;
}

/** A held folder has no temporary that is a folder. */
const isFile = (name: string) => name.endsWith('.tmp');

/** Returns a name that nothing has, and that counts as in use until it is released. @internal */
export function reserveName(target: string): string {
  const name = temporaryName(target, 'tmp');
  live.add(name);
  return name;
}

/** Releases the name of a temporary that has another name now, or is gone. @internal */
export function releaseName(name: string): void {
  live.delete(name);
}

/**
 * Returns those of `names` (a byte a code unit) that are temporaries for `target` whose process is gone. One in another
 * container may look gone; its run then fails, and mixes nothing.
 * @internal
 */
export function staleNames(names: readonly string[], target: string): string[] {
  const stem = Buffer.from(hiddenStem(target)).toString('latin1');
  return names.filter((name) => {
    const maker = isFile(name) ? makerOf(name, stem) : undefined;
    if (maker === undefined) return false;
    // In a container every run may have the same number.
    if (maker === process.pid) return !live.has(Buffer.from(name, 'latin1').toString());
    return isGone(maker);
  });
}
