// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '@latticra/disk-image';
import { BootSeedError } from '../error.js';

const FIX = 'build it again; nothing of it is for editing';

/** Makes the error about a file of a build that is not what its record says, or has to say. */
export const refused = (name: string, what: string, details: { cause?: unknown; fix?: string } = {}) =>
  new BootSeedError('record-differs', `${name}: ${what}`, { fix: FIX, ...details });

/** Makes the error about a file that the recorded command does not make. */
export const notRepeated = (name: string, what: string, fix: string) =>
  new BootSeedError('not-repeated', `${name}: ${what}`, { fix });

/** Returns what `read` does; what a reader refuses in a file is passed on under its name. @throws BootSeedError `record-differs` */
export function reading<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof ImageError ? refused(name, cause.message, { cause }) : cause;
  }
}

/** Refuses a value that a file has and its record does not. @throws BootSeedError `record-differs` */
export function assertRecorded(
  name: string,
  what: string,
  found: string | number | undefined,
  recorded: string | number | undefined,
): void {
  if (found === recorded) return;
  throw refused(name, `${what} is ${found ?? 'none'}, but the record says ${recorded ?? 'none'}`);
}
