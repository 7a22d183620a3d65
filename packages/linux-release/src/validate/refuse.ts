// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '@latticra/disk-image';
import { LinuxImageError } from '@latticra/linux-image';
import { SbomError } from '@latticra/sbom';
import { LinuxReleaseError, type LinuxReleaseErrorCode } from '../error.js';

const FIX = 'build the release again; nothing of it is for editing';

/** Makes the error about a file of a release that is not what it has to be. */
export const refused = (
  name: string,
  what: string,
  {
    code = 'record-differs',
    cause,
    fix = FIX,
  }: { readonly code?: LinuxReleaseErrorCode; readonly cause?: unknown; readonly fix?: string } = {},
) => new LinuxReleaseError(code, `${name}: ${what}`, { fix, ...(cause !== undefined && { cause }) });

/**
 * Returns what `read` does. What a reader refuses in a file of a release is passed on under the name of that file.
 * @throws LinuxReleaseError `record-differs`
 */
export async function reading<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isOurs =
      cause instanceof ImageError || cause instanceof LinuxImageError || cause instanceof SbomError;
    throw isOurs ? refused(name, cause.message, { cause }) : cause;
  }
}

/**
 * Refuses a value that a file has and its record does not.
 * @param what the value is, as in `its command line`
 * @throws LinuxReleaseError `record-differs`
 */
export function assertRecorded<T extends string | number | undefined>(
  name: string,
  what: string,
  found: T,
  recorded: T,
): void {
  if (found === recorded) return;
  throw refused(name, `${what} is ${found ?? 'none'}, but the record says ${recorded ?? 'none'}`);
}
