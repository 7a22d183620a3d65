// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument } from '@latticra/evidence-format';
import { VmRunError } from '../error.js';
import type { SeedExpectation } from '../expectation.js';
import { readImageKernel } from '../kernel.js';
import { observeBoot } from '../qemu/observe.js';
import { observeEmbeddedBoot } from '../v86/observe.js';
import { type FindOwnParts, readOwnParts } from './own.js';
import { planSmoke, type SmokeChoice } from './plan.js';
import { smokeReport } from './report.js';

/** The marks of a seed, and a way to learn which build an image holds. */
export interface SmokeExpectation extends Omit<SeedExpectation, 'buildId'> {
  /** The build id itself, or a function that finds it in the kernel of the image (undefined: it has none). */
  readonly buildId: string | ((kernel: Uint8Array) => string | undefined);
  /** Says what of the image is the seed's own; without it nothing is, and the report calls nothing ready. */
  readonly findOwnParts?: FindOwnParts;
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
export async function runSmoke(choice: SmokeChoice, seed: SmokeExpectation): Promise<EvidenceDocument> {
  const plan = planSmoke(choice);
  const buildId = await expectedBuildId(choice, seed);
  const { findOwnParts } = seed;
  const found = findOwnParts && (await readOwnParts(choice.image, findOwnParts));
  const observation =
    plan.emulator === 'qemu' ? await observeBoot(plan.boot) : await observeEmbeddedBoot(plan.boot);
  const { path, sha256 } = observation.imageBefore;
  if (found !== undefined && found.sha256 !== sha256) {
    throw new VmRunError(
      'image-changed',
      `${path}: changed before the run: ${found.sha256} became ${sha256}`,
    );
  }
  return smokeReport(choice, observation, { ...seed, buildId }, found?.own);
}
