// SPDX-License-Identifier: Apache-2.0
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '@latticra/failure';
import { measureOpen, readFailure, withStableFile } from '@latticra/held-files';
import { REQUIRE_INPUT } from '../input-bundle/content.js';
import { loadInputBundle } from '../input-bundle/load.js';
import type { MeasureInput } from '../input-bundle/measure.js';
import { type InputBundleValidation, validateInputBundle } from '../input-bundle/validate.js';
import { type InspectInput, inspectFile, requireFile } from '../inspected.js';
import type { PlaceOptions } from '../place.js';

const FILES = ['inputManifest', 'kernel', 'initramfs', 'rootfs'] as const;
type BuildFile = (typeof FILES)[number];

/** The paths of an image build's inputs and of its output folder, as given; relative ones start at the current folder. */
export interface BuildPaths extends Readonly<Record<BuildFile, string>> {
  readonly outputDir: string;
}

/** Which inputs of an image build are there, and what is wrong with them. */
export interface BuildInputs {
  readonly paths: BuildPaths;
  readonly present: Readonly<Record<keyof BuildPaths, boolean>>;
  /** Whether there is a manifest whose every statement holds. */
  readonly manifestValid: boolean;
  /** What keeps the inputs from being ready, one line each; empty when nothing does. */
  readonly missing: readonly string[];
}

/** The folder that relative paths start from, and the ways to measure a file and to look into it. */
export interface BuildInputOptions extends PlaceOptions {
  readonly cwd: string;
  readonly measure?: MeasureInput;
  readonly inspect?: InspectInput;
  /** Ends the measuring, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks for the inputs of an image build, and checks the input bundle manifest where there is one: that it holds,
 * and that it is about these files.
 * @throws Failure where reading failed underneath; an input that is missing or wrong is a part of the answer
 */
export async function surveyBuildInputs(
  paths: BuildPaths,
  { cwd, measure = measureOpen, inspect = inspectFile, allowOutside = false, signal }: BuildInputOptions,
): Promise<BuildInputs> {
  const missing: string[] = [];
  const holds = async (work: () => Promise<unknown>): Promise<boolean> => {
    const problem = await problemOf(work);
    if (problem !== undefined) missing.push(problem);
    return problem === undefined;
  };
  const isThere = (file: BuildFile) =>
    holds(() => withStableFile(resolve(cwd, paths[file]), () => undefined));
  const present = {
    inputManifest: await isThere('inputManifest'),
    kernel: await isThere('kernel'),
    initramfs: await isThere('initramfs'),
    rootfs: await isThere('rootfs'),
    outputDir: await isFolder(resolve(cwd, paths.outputDir)),
  };
  for (const input of ['kernel', 'initramfs'] as const) {
    // Where there is a manifest, its check looks into what it records, and these have to be the same files.
    if (present.inputManifest || !present[input]) continue;
    await holds(() => requireFile(resolve(cwd, paths[input]), paths[input], REQUIRE_INPUT[input]));
  }
  let validation: InputBundleValidation | undefined;
  const manifestValid =
    present.inputManifest &&
    (await holds(async () => {
      validation = await validateInputBundle(await loadInputBundle(paths.inputManifest, cwd), {
        measure,
        inspect,
        allowOutside,
        signal,
      });
    }));
  if (validation !== undefined) {
    for (const file of ['kernel', 'initramfs', 'rootfs'] as const) {
      const given = resolve(cwd, paths[file]);
      const recorded = validation[file].resolvedPath;
      if (present[file] && !(await isSame(given, recorded))) {
        missing.push(`${paths.inputManifest}: records ${recorded}, not ${given}`);
      }
    }
  }
  return { paths, present, manifestValid, missing };
}

/** Returns the reason with which `work` refused an input, with what to do about it, or undefined where it refused none. */
async function problemOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Failure && (error.kind === 'data' || error.kind === 'input-missing')) {
      return error.fix === undefined ? error.message : `${error.message}; ${error.fix}`;
    }
    throw error;
  }
}

async function locate(path: string): Promise<string> {
  return realpath(path).catch((error: unknown) => {
    throw readFailure(path, error);
  });
}

/** Returns whether two paths lead to one file. */
async function isSame(a: string, b: string): Promise<boolean> {
  return a === b || (await locate(a)) === (await locate(b));
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
