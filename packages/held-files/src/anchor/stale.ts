// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { errnoOf } from '@latticra/failure';
import { hiddenStem } from '../pending.js';

/** Names of the temporaries that this process has at the moment. */
const live = new Set<string>();

/** The end of `.target.<process id>-<random>.tmp`: the process that made it shows whether it is still needed. */
const REST = /^([1-9]\d{0,9})-[0-9a-f]{12}\.tmp$/;

/** Returns whether a file of this name is a temporary for `target`, of whatever process. */
export function isTemporaryName(name: string, target: string): boolean {
  return ownerOf(name, hiddenStem(target)) !== undefined;
}

/** Returns the id of the process that made a temporary whose name begins with `stem`; undefined for another name. */
function ownerOf(name: string, stem: string): string | undefined {
  return name.startsWith(stem) ? REST.exec(name.slice(stem.length))?.[1] : undefined;
}

/** Returns a name that nothing has, and that counts as in use until it is released. @internal */
export function reserveName(target: string): string {
  const name = `${hiddenStem(target)}${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
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
    const owner = ownerOf(name, stem);
    if (owner === undefined) return false;
    // In a container every run may have the same number.
    if (Number(owner) === process.pid) return !live.has(Buffer.from(name, 'latin1').toString());
    return isGone(Number(owner));
  });
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}
