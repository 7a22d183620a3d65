// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compareBytes } from '@latticra/disk-image';
import { withStableFile, withTemporaryFolder } from '@latticra/held-files';
import { buildRelease } from '../build/build.js';
import type { BuildInput, BuildOptions } from '../build/options.js';
import { openedSource } from '../opened-source.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildRecord } from '../record/schema.js';
import type { HeldRelease } from './hold.js';
import type { Watch } from './images.js';
import { formatsOf, namesOf } from './names.js';
import { refused } from './refuse.js';

/**
 * Builds a release again from the inputs that its record names, in a private folder that is gone afterwards, and holds every
 * file against the one that is there.
 * @param cwd where the paths in the record start
 * @throws LinuxReleaseError `input-differs`, `not-repeated` naming the first file that is another; HeldFileError for an
 *   input that is missing
 */
export async function rebuild(
  { name, record, source }: HeldRelease,
  cwd: string,
  watch: Watch,
): Promise<void> {
  await withPrivateFolder(watch.signal, async (folder) => {
    const outputDir = join(folder, 'release');
    await buildRelease(optionsOf(record, cwd, outputDir, watch));
    for (const file of [...namesOf(name, record), RELEASE_FILE.record]) {
      const theirs = source(file === RELEASE_FILE.record ? name : file);
      const { differsAt } = await watch.tracker.track(
        `comparing ${file}`,
        (onBytes) =>
          withStableFile(join(outputDir, file), ({ path, fd, size }) =>
            compareBytes(theirs, openedSource(path, fd, size), { onBytes, signal: watch.signal }),
          ),
        theirs.size,
      );
      if (differsAt === undefined) continue;
      throw refused(file, `the inputs, built again, give another byte ${differsAt}`, {
        code: 'not-repeated',
        fix: `see that the same version builds it: ${record.tool.name} ${record.tool.version}`,
      });
    }
  });
}

/** Returns the options of the build that a record is of. */
function optionsOf(record: BuildRecord, cwd: string, outputDir: string, watch: Watch): BuildOptions {
  const input = (path: string, sha256: string | undefined): BuildInput => ({
    path,
    resolvedPath: resolve(cwd, path),
    expectedSha256: sha256,
  });
  const { kernel, initramfs, rootfs, signedUki } = record;
  return {
    ...watch,
    kernel: input(kernel.path, kernel.sha256),
    initramfs: input(initramfs.path, initramfs.sha256),
    rootfs: rootfs && input(rootfs.path, rootfs.sha256),
    signedUki: signedUki.path === undefined ? undefined : input(signedUki.path, signedUki.sha256),
    outputDir,
    shownOutputDir: record.outputDir,
    artifactVersion: record.artifactVersion,
    commandLine: record.givenCommandLine ?? '',
    root: record.rootMode,
    formats: new Set(formatsOf(record)),
    imageSizeMib: record.imageSizeMib,
    buildId: record.buildId,
    sourceCommit: record.sourceCommit,
    sourceTag: record.sourceTag,
    sourceTagObject: record.sourceTagObject,
    buildEnvironment: record.buildEnvironment,
    operatorRecoveryPath: record.recoveryPath,
    resolvedRecoveryPath: resolve(cwd, record.recoveryPath),
    epoch: record.epoch,
    tool: record.tool,
  };
}

/** Lets `use` work in a folder of its own, which is removed however it ends, also when the process is told to. */
async function withPrivateFolder<T>(signal: AbortSignal, use: (folder: string) => Promise<T>): Promise<T> {
  // Whoever listens is waited for: a lane that is told to end lets this end first.
  const heard = () => undefined;
  signal.addEventListener('abort', heard);
  try {
    return await withTemporaryFolder(join(tmpdir(), 'latticra-build-again-'), use);
  } finally {
    signal.removeEventListener('abort', heard);
  }
}
