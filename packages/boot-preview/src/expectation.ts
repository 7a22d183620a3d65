// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX, SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import {
  type BootExpectation,
  NOTHING_EXPECTED,
  type SeedExpectation,
  type SystemExpectation,
  seedExpectation,
  systemExpectation,
} from '@latticra/vm-run';

/** Returns what a boot has to show whose kernel is of that build: what a capture watches for, and a record is held to. */
export function expectedBoot(buildId: string, exitCode: SeedExpectation['exitCode']): BootExpectation {
  return seedExpectation({
    sentinel: SEED_SENTINEL,
    buildIdPrefix: SEED_BUILD_ID_PREFIX,
    buildId,
    exitCode,
  });
}

/** Returns what a record of the seed's boot says that it expected. */
export function seedSystem(buildId: string): SystemExpectation {
  const lines = [SEED_SENTINEL, SEED_BUILD_ID_PREFIX + buildId];
  return { ...NOTHING_EXPECTED, lines, exitCode: SEED_EXIT_CODE };
}

/** Returns whether it is the seed that is expected. */
export function isSeed({ lines }: Pick<SystemExpectation, 'lines'>): boolean {
  return lines.includes(SEED_SENTINEL);
}

/** Returns what a log is held to; without an end where it is not recorded how its boot ended. */
export function expectationOf(
  expected: SystemExpectation,
  buildId: string,
  hasEnd: boolean,
): BootExpectation {
  if (isSeed(expected)) return expectedBoot(buildId, hasEnd ? SEED_EXIT_CODE : 'unrecorded');
  const system = systemExpectation(expected);
  return hasEnd ? system : { ...system, end: undefined };
}
