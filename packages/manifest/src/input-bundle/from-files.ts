// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { measureFile, withStableFile } from '@latticra/held-files';
import { isUrl } from '../artifact/recovery.js';
import { NONE } from '../artifact/schema.js';
import { checkRootfs, type MeasureInput } from './rootfs.js';
import type { InputBundleManifest, InputRecord, RootfsFormat } from './schema.js';

/** What {@link inputBundleFromFiles} takes; paths resolve against the current folder. */
export interface InputBundleFiles {
  readonly sourceCommit: string;
  readonly buildEnvironment: string;
  readonly kernel: string;
  readonly initramfs: string;
  readonly rootfs: string;
  /** What the rootfs is said to be; left out, its content says it. */
  readonly rootfsFormat: RootfsFormat | undefined;
  /** A path, a URL, or `none`. */
  readonly operatorRecoveryPath: string;
}

/** Where the files are, and how they are measured. */
export interface InputBundleOptions {
  readonly cwd: string;
  readonly measure?: MeasureInput;
}

/**
 * Measures what an OS image is to be built from and records it, by absolute paths. Each file is read once.
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws ManifestError `format`, `archive` for a root file system that is not what it should be
 */
export async function inputBundleFromFiles(
  files: InputBundleFiles,
  { cwd, measure = measureFile }: InputBundleOptions,
): Promise<InputBundleManifest> {
  const operatorRecoveryPath = await recordRecovery(files.operatorRecoveryPath, cwd);
  const record = async (file: string): Promise<InputRecord> => {
    const path = resolve(cwd, file);
    return { path, sha256: (await measure(path, {})).sha256 };
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
    rootfs: { path, format, sha256: measurement.sha256 },
    operatorRecoveryPath,
  };
}

async function recordRecovery(path: string, cwd: string): Promise<string> {
  if (path === NONE || isUrl(path)) return path;
  const absolute = resolve(cwd, path);
  await withStableFile(absolute, () => undefined);
  return absolute;
}
