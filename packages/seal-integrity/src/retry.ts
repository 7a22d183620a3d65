// SPDX-License-Identifier: Apache-2.0
import { HeldFileError } from '@latticra/held-files';

/** The number of attempts: runs of Seal conflict for a moment; what conflicts more often is no such run. */
const MAX_ATTEMPTS = 50;

/**
 * Does `work` again when it conflicts with another run of Seal. Each attempt looks at everything anew.
 * @param mayBeConflict whether a change that the last attempt met can be another run's doing; always unless given
 * @throws what `work` throws, `changed` after many attempts
 */
export function retryOnConflict<T>(work: () => T, mayBeConflict: () => boolean = () => true): T {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return work();
    } catch (error) {
      const isConflict = error instanceof HeldFileError && error.code === 'changed' && mayBeConflict();
      if (!isConflict || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
