// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { errnoOf } from '@latticra/failure';

/** What a temporary is: a file, or a folder that is being filled. */
export type TemporaryKind = 'tmp' | 'staging';

/** `.target.<process id>-<random>.tmp`, target aside: the process that made it shows whether it is still needed. */
const NAME = /^(\..+\.)([1-9]\d{0,9})-[0-9a-f]{12}\.(?:tmp|staging)$/s;

/** Returns a name for a temporary beside `target`, that nothing has: of at most 213 bytes, as a file system may allow no more than 255. */
export function temporaryName(target: string, kind: TemporaryKind): string {
  return `${hiddenStem(target)}${process.pid}-${randomBytes(6).toString('hex')}.${kind}`;
}

/** Returns how the names of a file's temporary siblings begin, in at most 182 bytes. */
export function hiddenStem(name: string): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  return `.${name.slice(0, 60)}.`;
}

/**
 * Returns the id of the process that gave a temporary its name; undefined for another name.
 * @param stem how a name has to begin, {@link hiddenStem} of what it was to become; any unless given
 */
export function makerOf(name: string, stem?: string): number | undefined {
  const [, begin, maker] = NAME.exec(name) ?? [];
  return maker === undefined || (stem !== undefined && begin !== stem) ? undefined : Number(maker);
}

/** Returns whether no process of this number runs here. One in another container, or on another machine, looks gone. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}
