// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { readEpoch } from '@latticra/boot-seed';
import {
  type BuildOptions,
  type BuildRecord,
  buildRelease,
  RELEASE_FILE,
  releaseValidationDocument,
  validateRelease,
} from '@latticra/linux-release';
import { localBuildEnvironment, recordedSource } from '@latticra/manifest';
import { findProgram } from '@latticra/toolchain';
import type { SystemExpectation } from '@latticra/vm-run';
import { requireSbom } from '../steps/sbom.js';
import { bootProblem, recordBoot } from './boots.js';
import { type Concluded, conclude } from './conclude.js';
import type { Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';
import { assertSameImages, preflight, writeRunbook } from './steps.js';

/** A Linux system, and what its boots have to show. */
export interface LinuxChoice
  extends Pick<
    BuildOptions,
    'kernel' | 'initramfs' | 'rootfs' | 'root' | 'formats' | 'commandLine' | 'buildId'
  > {
  readonly memoryMib: number;
  readonly timeoutMs: number;
  readonly expected: SystemExpectation;
}

/** What a rehearsal of a Linux system came to. */
export interface LinuxRehearsed extends Concluded {
  /** Why no image was booted; undefined where all were. */
  readonly notBooted: string | undefined;
}

const RELEASE = `${PROMOTION_FILE.evidence}/release`;
const AGAIN = `${PROMOTION_FILE.evidence}/release-again`;
const VALIDATION = 'os-image-build-validation.txt';
const QEMU = 'qemu-system-x86_64';

/**
 * Takes a Linux system from its inputs to a review bundle: each step by the library that its lane uses, each on what the step
 * before left on disk. Where QEMU is missing nothing is booted, and the rest is done.
 * @throws whatever the first step that does not hold throws
 */
export async function rehearseLinux(
  rehearsal: Rehearsal,
  choice: LinuxChoice,
  parties: Parties,
  tracker: BuildOptions['tracker'],
): Promise<LinuxRehearsed> {
  const { account, at, save, manifestPath, cwd, signal } = rehearsal;
  const inRelease = (name: string) => at(join(RELEASE, name));

  await preflight(rehearsal);
  const recovery = await writeRunbook(rehearsal);
  const record = await account.step('release build', join(RELEASE, RELEASE_FILE.record), async () => {
    const value = await buildRelease(
      await buildOptions(rehearsal, choice, { recovery, tracker, folder: RELEASE }),
    );
    const mebibytes = Math.ceil(((value.iso ?? value.qcow2)?.size ?? 0) / (1 << 20));
    return { value, result: `Linux ${value.kernel.release}, images of ${mebibytes} MiB` };
  });
  await account.step('build validation', VALIDATION, async () => {
    const path = inRelease(RELEASE_FILE.record);
    const resolvedPath = resolve(cwd, path);
    const validation = await validateRelease({ path, resolvedPath, inputsFrom: cwd, tracker, signal });
    await save(VALIDATION, releaseValidationDocument(manifestPath, validation, 'none'));
    return { value: undefined, result: 'taken apart, and built again from its inputs' };
  });
  await account.step('second build', `${AGAIN}/`, async () => {
    const second = await buildRelease(
      await buildOptions(rehearsal, choice, { recovery, tracker, folder: AGAIN }),
    );
    assertSameImages([
      [record.iso, second.iso],
      [record.qcow2, second.qcow2],
    ]);
    return { value: undefined, result: 'in another folder: every image is the same bytes' };
  });
  await account.step('SBOM', join(RELEASE, RELEASE_FILE.sbom), async () => {
    const { packages, advice } = await requireSbom(inRelease(RELEASE_FILE.sbom));
    return { value: undefined, result: `SPDX 2.3, ${packages} packages, 0 errors, ${advice} for advice` };
  });
  const { notBooted, bootRecord } = await bootImages(rehearsal, choice, record, parties);
  const images = (['iso', 'qcow2'] as const).flatMap((format) => record[format] ?? []);
  const pathOf = (image: { readonly path: string } | undefined) =>
    image === undefined ? undefined : inRelease(image.path);
  const concluded = await conclude(rehearsal, parties, tracker, {
    made: {
      buildRecords: [RELEASE, AGAIN].map((folder) => at(join(folder, RELEASE_FILE.record))),
      images: images.map(({ path }) => inRelease(path)),
      imageFolder: RELEASE,
    },
    sbom: inRelease(RELEASE_FILE.sbom),
    bootRecord,
    sourceCommit: record.sourceCommit,
    iso: pathOf(record.iso),
    vmImage: pathOf(record.qcow2),
    runbook: recovery,
  });
  return { ...concluded, notBooted };
}

async function buildOptions(
  { at, cwd, env, signal, version, tool, sourceTag }: Rehearsal,
  choice: LinuxChoice,
  {
    recovery,
    tracker,
    folder,
  }: { readonly recovery: string; readonly tracker: BuildOptions['tracker']; readonly folder: string },
): Promise<BuildOptions> {
  return {
    ...choice,
    signedUki: undefined,
    outputDir: resolve(cwd, at(folder)),
    shownOutputDir: at(folder),
    artifactVersion: version,
    imageSizeMib: undefined,
    ...(await recordedSource({ commit: undefined, tag: sourceTag }, cwd, env)),
    buildEnvironment: localBuildEnvironment(),
    operatorRecoveryPath: recovery,
    resolvedRecoveryPath: resolve(cwd, recovery),
    epoch: readEpoch(env),
    tool,
    tracker,
    signal,
  };
}

/** What became of the boots of a release. */
interface Booted {
  /** Why none was booted; undefined where all showed what they had to. */
  readonly notBooted: string | undefined;
  /** Path of one of the records, absolute. */
  readonly bootRecord: string | undefined;
}

/** Boots every image of the release, and keeps a record of each boot. */
async function bootImages(
  rehearsal: Rehearsal,
  { memoryMib, timeoutMs, expected }: LinuxChoice,
  record: BuildRecord,
  parties: Parties,
): Promise<Booted> {
  const { account, at, cwd, emulator, env } = rehearsal;
  const isMissing = emulator === 'auto' && findProgram(QEMU, env) === undefined;
  const notBooted = isMissing
    ? `not booted: ${QEMU} is not on PATH, and the embedded v86 runs no Linux release`
    : undefined;
  if (notBooted === undefined) bootProblem(rehearsal);
  let bootRecord: string | undefined;
  for (const name of ['iso', 'qcow2'] as const) {
    const image = record[name];
    if (image === undefined) continue;
    if (notBooted !== undefined) {
      account.leaveOut(`boot of the ${name}`, notBooted);
      continue;
    }
    const path = resolve(cwd, at(join(RELEASE, image.path)));
    bootRecord = await recordBoot(rehearsal, { name, path, expected, memoryMib, timeoutMs }, parties);
  }
  return { notBooted, bootRecord };
}
