// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { measureOpen, pathOf } from '@latticra/held-files';
import { checkRecovery, writtenRunbook } from '../artifact/recovery.js';
import { writtenPath } from '../file-path.js';
import { type InspectInput, inspectFile, requireContent } from '../inspected.js';
import { type LookedInto, REQUIRE_INPUT } from './content.js';
import type { MeasureInput } from './measure.js';
import { checkRootfs } from './rootfs.js';
import type { InputBundleManifest, InputRecord, RootfsFormat } from './schema.js';

/** What {@link inputBundleFromFiles} takes; relative paths start at the current folder. */
export interface InputBundleFiles {
  readonly sourceCommit: string;
  readonly buildEnvironment: string;
  readonly kernel: string;
  readonly initramfs: string;
  readonly rootfs: string;
  /** The declared format of the rootfs; undefined for what its content says. */
  readonly rootfsFormat: RootfsFormat | undefined;
  /** A path, a URL, or `none`. */
  readonly operatorRecoveryPath: string;
  /** Write paths relative to this folder, where the manifest will lie; absolute when left out. */
  readonly relativeTo?: string | undefined;
}

/** The folder that relative paths start from, and the ways to measure a file and to look into it meanwhile. */
export interface InputBundleOptions {
  readonly cwd: string;
  /** `measureOpen` unless given. */
  readonly measure?: MeasureInput;
  /** `inspectFile` unless given. */
  readonly inspect?: InspectInput;
  /** Ends the measuring, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures the files that an OS image is to be built from, and records them. Each file is read once.
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws ManifestError `format` for an input or runbook that is something else; `archive` for a root file system that
 *   would not unpack
 */
export async function inputBundleFromFiles(
  files: InputBundleFiles,
  { cwd, measure = measureOpen, inspect = inspectFile, signal }: InputBundleOptions,
): Promise<InputBundleManifest> {
  const written = (path: string) =>
    writtenPath(path, files.relativeTo === undefined ? undefined : resolve(cwd, files.relativeTo));
  const recovery = await checkRecovery(files.operatorRecoveryPath, cwd, { allowOutside: true });
  const record = async (input: LookedInto): Promise<InputRecord> => {
    const path = resolve(cwd, files[input]);
    const { measurement, inspection } = await inspect(path, { signal });
    requireContent(files[input], inspection, REQUIRE_INPUT[input]);
    return { path: written(path), sha256: measurement.sha256 };
  };
  const kernel = await record('kernel');
  const initramfs = await record('initramfs');
  const path = resolve(cwd, files.rootfs);
  const { measurement, format } = await checkRootfs(path, files.rootfsFormat, measure, signal);
  return {
    sourceCommit: files.sourceCommit,
    buildEnvironment: files.buildEnvironment,
    kernel,
    initramfs,
    rootfs: { path: written(path), format, sha256: measurement.sha256 },
    operatorRecoveryPath:
      recovery.recovery === undefined
        ? files.operatorRecoveryPath
        : writtenRunbook(written(pathOf(recovery.recovery))),
  };
}
