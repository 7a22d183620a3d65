// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import {
  buildSeed,
  buildVmImage,
  readEpoch,
  SEED_BUILD_ID_PREFIX,
  SEED_EXIT_CODE,
  SEED_RECORD_FILE,
  SEED_SENTINEL,
  type SeedBuild,
  seedBuildDocument,
  seedValidationDocument,
  type VmImageBuild,
  validateSeedBuild,
  vmImageBuildDocument,
  writeSeedRecord,
  writeVmImageRecord,
} from '@latticra/boot-seed';
import { localBuildEnvironment, recordedSource, type Tracker } from '@latticra/manifest';
import { bootProblem, recordBoot } from './boots.js';
import { type Concluded, conclude } from './conclude.js';
import { RehearsalError } from './error.js';
import type { Parties } from './keys.js';
import { REHEARSAL_FILE, type Rehearsal } from './rehearsal.js';
import { SEED_REHEARSAL_FILE } from './seed-file.js';
import { writeSeedSbom } from './seed-sbom.js';
import type { Made } from './sign.js';
import { smokeSeed } from './smoke-seed.js';
import { assertSameImages, preflight, writeRunbook } from './steps.js';

/**
 * Takes the boot seed from nothing to a review bundle: each step by the library that its lane uses, each on what the
 * step before left on disk.
 * @throws whatever the first step that does not hold throws
 */
export async function rehearseSeed(
  rehearsal: Rehearsal,
  parties: Parties,
  tracker: Tracker,
): Promise<Concluded> {
  const { account, at, save, cwd, env, signal } = rehearsal;
  const epoch = readEpoch(env);
  const seedFolder = at(SEED_REHEARSAL_FILE.first);
  const source = await recordedSource({ commit: undefined, tag: rehearsal.sourceTag }, cwd, env);
  const commit = source.sourceCommit;
  const labels = {
    ...source,
    buildEnvironment: localBuildEnvironment(),
    tool: rehearsal.tool,
    outputDir: seedFolder,
    grubConfig: undefined,
  };

  await preflight(rehearsal);

  const seed = await account.step('seed build', SEED_REHEARSAL_FILE.seed, async () => {
    const value = await buildSeed({ outputDir: seedFolder, epoch, env, signal });
    const record = await writeSeedRecord(value, { ...labels, kernel: undefined });
    await save(SEED_REHEARSAL_FILE.seed, seedBuildDocument(value, record));
    const { rebuiltMatches } = value.origin;
    if (rebuiltMatches === false) {
      throw new RehearsalError(
        'not-held',
        'the machine code that ships is not what GNU as and ld make of its sources here',
        'compare with latticra-boot-seed-build --toolchain gnu on another machine before you trust either',
      );
    }
    return {
      value,
      result: `ISO of ${kibibytes(value.iso.size)}${rebuiltMatches === true ? ', equals its sources' : ''}`,
    };
  });

  const vm = await account.step('VM image', SEED_REHEARSAL_FILE.vmImage, async () => {
    const value = await buildVmImage({ kernel: seed.kernel.path, outputDir: seedFolder, epoch, env, signal });
    const record = await writeVmImageRecord(value, { ...labels, kernel: seed.kernel.path });
    await save(SEED_REHEARSAL_FILE.vmImage, vmImageBuildDocument(value, record));
    return { value, result: `qcow2 of ${kibibytes(value.qcow2.size)}` };
  });

  await account.step('build validation', SEED_REHEARSAL_FILE.validation, async () => {
    for (const [name, report] of [
      [SEED_RECORD_FILE.iso, SEED_REHEARSAL_FILE.validation],
      [SEED_RECORD_FILE.vmImage, SEED_REHEARSAL_FILE.vmImageValidation],
    ] as const) {
      const path = join(seedFolder, name);
      const validation = await validateSeedBuild({
        path,
        resolvedPath: resolve(cwd, path),
        inputsFrom: cwd,
        env,
        signal,
      });
      await save(report, seedValidationDocument(rehearsal.manifestPath, validation, 'none'));
    }
    return { value: undefined, result: 'both taken apart, and built again by their commands' };
  });

  const again = await account.step('second build', `${SEED_REHEARSAL_FILE.second}/`, async () => {
    const outputDir = at(SEED_REHEARSAL_FILE.second);
    const value = await buildSeed({ outputDir, epoch, env, signal });
    const image = await buildVmImage({ kernel: value.kernel.path, outputDir, epoch, env, signal });
    await writeSeedRecord(value, { ...labels, outputDir, kernel: undefined });
    await writeVmImageRecord(image, { ...labels, outputDir, kernel: value.kernel.path });
    assertSameImages([
      [seed.iso, value.iso],
      [vm.qcow2, image.qcow2],
    ]);
    return { value: outputDir, result: 'in another folder: both images are the same bytes' };
  });

  await smokeSeed(rehearsal, 'smoke of the ISO', REHEARSAL_FILE.isoSmoke, {
    path: seed.iso.path,
    format: 'iso',
  });
  await smokeSeed(rehearsal, 'smoke of the qcow2', REHEARSAL_FILE.vmSmoke, {
    path: vm.qcow2.path,
    format: 'qcow2',
  });
  const sbom = await writeSeedSbom(
    rehearsal,
    {
      iso: seed.iso.path,
      vmImage: vm.qcow2.path,
      kernel: seed.kernel.path,
      efiBootloader: vm.uefiLoader.path,
      espRaw: vm.esp.path,
    },
    { sourceCommit: commit, epoch },
  );
  const bootRecord = await recordBoots(rehearsal, parties, { seed, vm });
  const made: Made = {
    buildRecords: [seedFolder, again].flatMap((built) =>
      [SEED_RECORD_FILE.iso, SEED_RECORD_FILE.vmImage].map((name) => join(built, name)),
    ),
    images: [seed.iso.path, vm.qcow2.path],
    imageFolder: SEED_REHEARSAL_FILE.first,
  };
  const runbook = await writeRunbook(rehearsal);
  return conclude(rehearsal, parties, tracker, {
    made,
    sbom,
    bootRecord,
    sourceCommit: commit,
    iso: seed.iso.path,
    vmImage: vm.qcow2.path,
    runbook,
  });
}

/** Boots both images for a record. Returns the path of one of the records; undefined where no boot can be recorded here. */
async function recordBoots(
  rehearsal: Rehearsal,
  parties: Parties,
  { seed, vm }: { readonly seed: SeedBuild; readonly vm: VmImageBuild },
): Promise<string | undefined> {
  const problem = bootProblem(rehearsal);
  if (problem !== undefined) {
    rehearsal.account.leaveOut('boot records', problem);
    return undefined;
  }
  const lines = [SEED_SENTINEL, `${SEED_BUILD_ID_PREFIX}${seed.buildId}`];
  const expected = { lines, exitCode: SEED_EXIT_CODE };
  const boot = (name: 'iso' | 'qcow2', { path }: { readonly path: string }) =>
    recordBoot(
      rehearsal,
      { name, path: resolve(rehearsal.cwd, path), expected, memoryMib: 128, timeoutMs: 60_000 },
      parties,
    );
  await boot('iso', seed.iso);
  return boot('qcow2', vm.qcow2);
}

/** Formats a size for a person. */
function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
