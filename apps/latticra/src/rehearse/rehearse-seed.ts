// SPDX-License-Identifier: Apache-2.0

import { join, resolve } from 'node:path';
import {
  buildSeed,
  buildVmImage,
  findSeedParts,
  isOwnPart,
  readBuildId,
  readEpoch,
  SEED_BUILD_ID_PREFIX,
  SEED_EXIT_CODE,
  SEED_RECORD_FILE,
  SEED_SENTINEL,
  SEED_SOURCES,
  seedBuildDocument,
  seedValidationDocument,
  validateSeedBuild,
  vmImageBuildDocument,
  writeSeedRecord,
  writeVmImageRecord,
} from '@latticra/boot-seed';
import { writeFileAtomic } from '@latticra/held-files';
import { localBuildEnvironment, recordedSource, type Tracker } from '@latticra/manifest';
import { formatCreated, formatSbom, measureSeed, seedSbom } from '@latticra/sbom';
import { runSmoke, type SmokeChoice } from '@latticra/vm-run';
import { requireSbom, sbomError } from '../steps/sbom.js';
import { bootProblem, recordBoot } from './boots.js';
import { type Concluded, conclude } from './conclude.js';
import { RehearsalError } from './error.js';
import type { Parties } from './keys.js';
import type { Made } from './promotion.js';
import { PROMOTION_FILE, REHEARSAL_FILE, type Rehearsal } from './rehearsal.js';
import { assertSameImages, preflight, writeRunbook } from './steps.js';

/** The names of the files that only a rehearsal of the seed leaves, relative to its folder. */
const SEED_REHEARSAL_FILE = {
  seed: 'boot-seed-build.txt',
  vmImage: 'boot-seed-vm-image-build.txt',
  validation: 'boot-seed-build-validation.txt',
  vmImageValidation: 'boot-seed-vm-image-build-validation.txt',
  sbom: `${PROMOTION_FILE.evidence}/sbom.spdx.json`,
  first: `${PROMOTION_FILE.evidence}/boot-seed`,
  second: `${PROMOTION_FILE.evidence}/boot-seed-again`,
} as const;

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
  const { account, at, save, cwd, env, signal, version } = rehearsal;
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

  const smoke = (name: string, report: string, image: SmokeChoice['image']) =>
    account.step(name, report, async () => {
      const logs = at(report.replace('.txt', ''));
      const { report: document, observation } = await runSmoke(
        {
          image,
          emulator: rehearsal.emulator,
          firmware: 'auto',
          outputDir: logs,
          timeoutMs: 60_000,
          env,
          signal,
        },
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
  await smoke('smoke of the ISO', REHEARSAL_FILE.isoSmoke, { path: seed.iso.path, format: 'iso' });
  await smoke('smoke of the qcow2', REHEARSAL_FILE.vmSmoke, { path: vm.qcow2.path, format: 'qcow2' });

  await account.step('SBOM', SEED_REHEARSAL_FILE.sbom, async () => {
    const measured = await measureSeed(
      {
        iso: seed.iso.path,
        vmImage: vm.qcow2.path,
        kernel: seed.kernel.path,
        efiBootloader: vm.uefiLoader.path,
        espRaw: vm.esp.path,
      },
      { isFromSources: isOwnPart },
    );
    const document = seedSbom({
      ...measured,
      artifactVersion: version,
      sourceCommit: commit,
      created: formatCreated(epoch),
      tool: rehearsal.tool,
      sources: Object.entries(SEED_SOURCES).map(([name, content]) => ({ name, content })),
    });
    const path = at(SEED_REHEARSAL_FILE.sbom);
    await writeFileAtomic(path, formatSbom(document));
    const { files, findings } = await requireSbom(path);
    if (findings.length > 0) throw sbomError(path, findings[0]);
    return { value: undefined, result: `SPDX 2.3, ${files} files, 0 findings` };
  });

  const problem = bootProblem(rehearsal);
  let bootRecord: string | undefined;
  if (problem === undefined) {
    const identity = `${SEED_BUILD_ID_PREFIX}${seed.buildId}`;
    for (const [name, { path }] of [
      ['iso', seed.iso],
      ['qcow2', vm.qcow2],
    ] as const) {
      const expected = { lines: [SEED_SENTINEL, identity], exitCode: SEED_EXIT_CODE };
      const boot = { name, path: resolve(cwd, path), expected, memoryMib: 128, timeoutMs: 60_000 };
      bootRecord = await recordBoot(rehearsal, boot, parties);
    }
  } else account.leaveOut('boot records', problem);

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
    sbom: at(SEED_REHEARSAL_FILE.sbom),
    bootRecord,
    sourceCommit: commit,
    iso: seed.iso.path,
    vmImage: vm.qcow2.path,
    runbook,
  });
}

/** Formats a size for a person. */
function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
