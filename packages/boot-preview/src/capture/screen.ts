// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { SEED_BUILD_ID_PREFIX } from '@latticra/boot-seed';
import { measureFile } from '@latticra/held-files';
import { assertBoot, type BootObservation, observeBoot, systemExpectation } from '@latticra/vm-run';
import type { RecordedScreen } from '../evidence/schema.js';
import { expectedBoot } from '../expectation.js';
import type { RecordedFile } from '../files/recorded.js';
import { captureNames } from './names.js';
import type { CapturePlan } from './plan.js';

/**
 * Records the screen of a boot that was observed. QEMU before 8.2 has no screen once the guest has ended the machine by
 * isa-debug-exit; the image is then booted once more without that device, until it has printed its build id, which is last.
 * @returns undefined for a QEMU that writes no PNG
 * @throws VmRunError when the second boot is not what it has to be
 */
export async function captureScreen(
  plan: CapturePlan,
  observation: BootObservation,
): Promise<RecordedScreen | undefined> {
  const { profile, captureFolder, boot, artifacts } = plan;
  const names = captureNames(profile.name);
  const kept = async (path: string): Promise<RecordedFile> => {
    const { sha256 } = await measureFile(join(captureFolder, path));
    return { path, sha256 };
  };
  if (observation.screenshotPath !== undefined) {
    return {
      screenshot: await kept(names.screenshot),
      argvRecord: await kept(names.argvRecord),
      serialLog: await kept(names.serialLog),
    };
  }
  const { buildId, system } = artifacts;
  const shown = systemExpectation({ ...plan.expected, exitCode: undefined });
  const second = await observeBoot({
    ...boot,
    ...(system === 'linux' && { shows: shown }),
    outputDir: join(captureFolder, names.screenFolder),
    debugExit: false,
    until: (line) => system === 'seed' && line === SEED_BUILD_ID_PREFIX + buildId,
  });
  assertBoot(second, system === 'seed' ? expectedBoot(buildId, 'stopped') : shown);
  if (second.screenshotPath === undefined) return undefined;
  return {
    screenshot: await kept(names.secondScreenshot),
    argvRecord: await kept(names.screenArgvRecord),
    serialLog: await kept(names.screenSerialLog),
  };
}
