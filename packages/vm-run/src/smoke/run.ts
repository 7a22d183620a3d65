// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument } from '@latticra/evidence-format';
import { VmRunError } from '../error.js';
import { type SeedExpectation, type SystemExpectation, systemExpectation } from '../expectation.js';
import { readImageKernel } from '../kernel.js';
import type { BootObservation } from '../observation.js';
import { type FindOwnParts, isSeedsOwn } from '../own.js';
import { observeBoot } from '../qemu/observe.js';
import { observeEmbeddedBoot } from '../v86/observe.js';
import { planSmoke, type SmokeChoice, type SmokePlan } from './plan.js';
import { smokeReport, systemReport } from './report.js';

/** The marks of a seed, and a way to learn which build an image holds. */
export interface SmokeExpectation extends Omit<SeedExpectation, 'buildId'> {
  /** The build id itself, or a function that finds it in the kernel of the image (undefined: it has none). */
  readonly buildId: string | ((kernel: Uint8Array) => string | undefined);
  /** Says what of the image is the seed's own; without it nothing is, and the report calls nothing ready. */
  readonly findOwnParts?: FindOwnParts;
}

/** What came of a boot that did what it had to. */
export interface Smoke {
  /** What was seen, with digests, times, and where the logs are. */
  readonly observation: BootObservation;
  /** The build id that was expected, and seen; undefined where none was. */
  readonly buildId: string | undefined;
  /** Whether the loader and the kernel that ran are the seed's own: what the report calls ready. */
  readonly isReady: boolean;
  /** The document that says so. */
  readonly report: EvidenceDocument;
}

async function expectedBuildId(choice: SmokeChoice, { buildId }: SmokeExpectation): Promise<string> {
  if (typeof buildId === 'string') return buildId;
  const { path, format } = choice.image;
  const found = buildId(await readImageKernel(path, format));
  if (found !== undefined) return found;
  throw new VmRunError('no-kernel', `${path}: its kernel carries no build id, so it is not the boot seed's`, {
    fix: 'name the build id that it will report with --build-id; latticra-boot-matrix run boots an image that reports none',
  });
}

/**
 * Boots an image in the chosen emulator and reports on it, if it did what a boot seed does. The logs stay in the
 * output folder either way.
 * @throws VmRunError `unfulfilled` when the boot did not do what it had to, `no-kernel`, `not-embedded`
 * @throws ToolchainError, HeldFileError when tools or files are not there
 */
export async function runSmoke(choice: SmokeChoice, seed: SmokeExpectation): Promise<Smoke> {
  const plan = planSmoke(choice);
  const buildId = await expectedBuildId(choice, seed);
  const observation = await observePlan(plan, seed.findOwnParts);
  const report = smokeReport(choice, observation, { ...seed, buildId });
  return { observation, buildId, isReady: isSeedsOwn(observation.own), report };
}

/**
 * Boots an image of any system in QEMU and reports on it, if it showed what it had to. The logs stay in the output folder
 * either way.
 * @example
 * import { NOTHING_EXPECTED, runSystemSmoke } from '@latticra/vm-run';
 *
 * const { observation } = await runSystemSmoke(
 *   {
 *     image: { path: 'kiosk.qcow2', format: 'qcow2' },
 *     emulator: 'qemu',
 *     firmware: 'uefi',
 *     outputDir: 'out',
 *     timeoutMs: 60_000,
 *   },
 *   { ...NOTHING_EXPECTED, prompt: 'login: ' },
 * );
 * console.log(observation.durationMs, observation.screenshotPath);
 *
 * @throws VmRunError `unfulfilled` when the boot did not do what it had to, `not-embedded`
 * @throws ToolchainError, HeldFileError when tools or files are not there
 */
export async function runSystemSmoke(
  choice: SmokeChoice,
  system: SystemExpectation,
  findOwnParts?: FindOwnParts,
): Promise<Smoke> {
  const plan = planSmoke(systemChoice(choice, system));
  const observation = await observePlan(plan, findOwnParts);
  const report = systemReport(choice, observation, system);
  return { observation, buildId: system.buildId, isReady: false, report };
}

/** Returns the choice with which the image of another system is booted. */
export function systemChoice(choice: SmokeChoice, system: SystemExpectation): SmokeChoice {
  return { ...choice, shows: systemExpectation(system) };
}

function observePlan(plan: SmokePlan, findOwnParts: FindOwnParts | undefined): Promise<BootObservation> {
  const look = findOwnParts && { findOwnParts };
  return plan.emulator === 'qemu'
    ? observeBoot({ ...plan.boot, ...look })
    : observeEmbeddedBoot({ ...plan.boot, ...look });
}
