// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { findOwnParts } from '@latticra/boot-cases/own-parts';
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
import { runSystemSmoke, type SmokeChoice, type SystemExpectation } from '@latticra/vm-run';
import { requireSbom } from '../steps/sbom.js';
import { REHEARSAL_FILE, type Rehearsal } from './rehearsal.js';
import { bundle, preflight, validateManifest, writeRunbook } from './steps.js';

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
export interface LinuxRehearsed {
  /** The folder of the bundle. */
  readonly bundle: string;
  /** Why no image was booted; undefined where all were. */
  readonly notBooted: string | undefined;
}

const RELEASE = 'release';
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
  tracker: BuildOptions['tracker'],
): Promise<LinuxRehearsed> {
  const { account, at, save, manifestPath, cwd, signal } = rehearsal;
  const inRelease = (name: string) => at(join(RELEASE, name));

  await preflight(rehearsal);
  const recovery = await writeRunbook(rehearsal);
  const record = await account.step('release build', join(RELEASE, RELEASE_FILE.record), async () => {
    const value = await buildRelease(await buildOptions(rehearsal, choice, { recovery, tracker }));
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
  await account.step('SBOM', join(RELEASE, RELEASE_FILE.sbom), async () => {
    const { packages, advice } = await requireSbom(inRelease(RELEASE_FILE.sbom));
    return { value: undefined, result: `SPDX 2.3, ${packages} packages, 0 errors, ${advice} for advice` };
  });
  await validateManifest(rehearsal, inRelease(RELEASE_FILE.manifest));
  const notBooted = await bootImages(rehearsal, choice, record);
  return { bundle: await bundle(rehearsal, inRelease(RELEASE_FILE.manifest)), notBooted };
}

async function buildOptions(
  { at, cwd, env, signal, version, tool }: Rehearsal,
  choice: LinuxChoice,
  { recovery, tracker }: { readonly recovery: string; readonly tracker: BuildOptions['tracker'] },
): Promise<BuildOptions> {
  return {
    ...choice,
    signedUki: undefined,
    outputDir: resolve(cwd, at(RELEASE)),
    shownOutputDir: at(RELEASE),
    artifactVersion: version,
    imageSizeMib: undefined,
    ...(await recordedSource({ commit: undefined, tag: 'none' }, cwd, env)),
    buildEnvironment: localBuildEnvironment(),
    operatorRecoveryPath: recovery,
    resolvedRecoveryPath: resolve(cwd, recovery),
    epoch: readEpoch(env),
    tool,
    tracker,
    signal,
  };
}

/** Boots every image of the release. Returns why none was booted; undefined where all showed what they had to. */
async function bootImages(
  { account, at, save, emulator, env, signal }: Rehearsal,
  { memoryMib, timeoutMs, expected }: LinuxChoice,
  record: BuildRecord,
): Promise<string | undefined> {
  const boots = [
    { name: 'smoke of the ISO', report: REHEARSAL_FILE.isoSmoke, format: 'iso' },
    { name: 'smoke of the qcow2', report: REHEARSAL_FILE.vmSmoke, format: 'qcow2' },
  ] as const;
  const isMissing = emulator === 'auto' && findProgram(QEMU, env) === undefined;
  const reason = `not booted: ${QEMU} is not on PATH, and the embedded v86 runs no Linux release`;
  for (const { name, report, format } of boots) {
    const image = record[format];
    if (image === undefined) continue;
    if (isMissing) {
      account.leaveOut(name, reason);
      continue;
    }
    await account.step(name, report, async () => {
      const smoke: SmokeChoice = {
        image: { path: at(join(RELEASE, image.path)), format },
        emulator: 'qemu',
        firmware: 'auto',
        outputDir: at(report.replace('.txt', '')),
        timeoutMs,
        memoryMib,
        env,
        signal,
      };
      await save(report, await runSystemSmoke(smoke, expected, findOwnParts));
      return { value: undefined, result: `all that was expected, build ${record.buildId.slice(0, 16)}` };
    });
  }
  return isMissing ? reason : undefined;
}
