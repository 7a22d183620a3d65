// SPDX-License-Identifier: Apache-2.0
import { HeldFileError } from '@latticra/held-files';

/** Runs of Seal cross for a moment; what crosses more often than that is no such run. */
const MAX_ATTEMPTS = 50;

/**
 * Does again what another run of Seal crossed: each attempt looks at everything anew, and vouches for what it sees.
 * @param mayBeCrossed whether a change that the last attempt met can be another run's doing; always unless given
 * @throws what `work` throws, `changed` after many attempts
 */
export function patiently<T>(work: () => T, mayBeCrossed: () => boolean = () => true): T {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return work();
    } catch (error) {
      const isCrossed = error instanceof HeldFileError && error.code === 'changed' && mayBeCrossed();
      if (!isCrossed || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
