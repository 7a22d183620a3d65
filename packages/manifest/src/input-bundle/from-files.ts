// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { measureFile } from '@latticra/held-files';
import { checkRecovery, writtenRunbook } from '../artifact/recovery.js';
import { writtenPath } from '../file-path.js';
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

/** The folder that relative paths start from, and the way to measure a file (`measureFile` unless given). */
export interface InputBundleOptions {
  readonly cwd: string;
  readonly measure?: MeasureInput;
}

/**
 * Measures the files that an OS image is to be built from, and records them. Each file is read once.
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws ManifestError `format`, `archive` for a root file system that is not what it should be
 */
export async function inputBundleFromFiles(
  files: InputBundleFiles,
  { cwd, measure = measureFile }: InputBundleOptions,
): Promise<InputBundleManifest> {
  const written = (path: string) =>
    writtenPath(path, files.relativeTo === undefined ? undefined : resolve(cwd, files.relativeTo));
  const recovery = await checkRecovery(files.operatorRecoveryPath, cwd, { allowOutside: true });
  const record = async (file: string): Promise<InputRecord> => {
    const path = resolve(cwd, file);
    return { path: written(path), sha256: (await measure(path, {})).sha256 };
  };
  const kernel = await record(files.kernel);
  const initramfs = await record(files.initramfs);
  const path = resolve(cwd, files.rootfs);
  const { measurement, format } = await checkRootfs(path, files.rootfsFormat, measure);
  return {
    sourceCommit: files.sourceCommit,
    buildEnvironment: files.buildEnvironment,
    kernel,
    initramfs,
    rootfs: { path: written(path), format, sha256: measurement.sha256 },
    operatorRecoveryPath:
      recovery.recoveryPath === undefined
        ? files.operatorRecoveryPath
        : writtenRunbook(written(recovery.recoveryPath)),
  };
}
