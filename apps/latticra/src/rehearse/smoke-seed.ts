// SPDX-License-Identifier: Apache-2.0
import {
  findSeedParts,
  readBuildId,
  SEED_BUILD_ID_PREFIX,
  SEED_EXIT_CODE,
  SEED_SENTINEL,
} from '@latticra/boot-seed';
import { runSmoke, type SmokeChoice } from '@latticra/vm-run';
import type { Rehearsal } from './rehearsal.js';

/**
 * Boots an image of the seed, and holds it to what the seed says of itself.
 * @param name of the step
 * @param report the name of its file
 */
export function smokeSeed(
  { account, at, save, emulator, env, signal }: Rehearsal,
  name: string,
  report: string,
  image: SmokeChoice['image'],
): Promise<void> {
  return account.step(name, report, async () => {
    const outputDir = at(report.replace('.txt', ''));
    const { report: document, observation } = await runSmoke(
      { image, emulator, firmware: 'auto', outputDir, timeoutMs: 60_000, env, signal },
      {
        sentinel: SEED_SENTINEL,
        buildIdPrefix: SEED_BUILD_ID_PREFIX,
        exitCode: SEED_EXIT_CODE,
        buildId: readBuildId,
        findOwnParts: findSeedParts,
      },
    );
    await save(report, document);
    return { value: undefined, result: `${SEED_SENTINEL}, right build id, in ${observation.emulator}` };
  });
}
