// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { writeFailure } from './error.js';
import { registerPending } from './pending.js';

/**
 * Gives `use` an empty folder that only this user can enter, and removes it afterwards, also when the process is about to
 * exit. What the system refuses meanwhile is told with the path that it refused.
 * @param prefix path of the folder up to six characters that nobody else has
 * @throws HeldFileError `cannot-create`, `io`, and whatever `use` throws that is no refusal of the system
 */
export async function withTemporaryFolder<T>(
  prefix: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(resolve(prefix)).catch((error: unknown) => {
    throw writeFailure(resolve(prefix, '..'), error);
  });
  const pending = registerPending(folder);
  try {
    const result = await use(folder);
    await rm(folder, { recursive: true, maxRetries: 3 });
    pending.keep();
    return result;
  } catch (error) {
    pending.discard();
    throw errnoOf(error) === '' ? error : writeFailure(pathOf(error) ?? folder, error);
  }
}

/** Returns the path that an error of Node names. */
function pathOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error)) return undefined;
  return typeof error.path === 'string' ? error.path : undefined;
}
