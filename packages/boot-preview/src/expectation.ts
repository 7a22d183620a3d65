// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX, SEED_SENTINEL } from '@latticra/boot-seed';
import { type BootExpectation, type SeedExpectation, seedExpectation } from '@latticra/vm-run';

/** Returns what a boot has to show whose kernel is of that build: what a capture watches for, and a record is held to. */
export function expectedBoot(buildId: string, exitCode: SeedExpectation['exitCode']): BootExpectation {
  return seedExpectation({
    sentinel: SEED_SENTINEL,
    buildIdPrefix: SEED_BUILD_ID_PREFIX,
    buildId,
    exitCode,
  });
}
