// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { FilePlace } from '@latticra/held-files';
import { localBuildEnvironment } from '@latticra/manifest';
import { name, version } from '../../package.json';
import { IMAGE_FORMATS } from '../record/formats.js';
import type { BuildInput, BuildOptions } from './options.js';

/** One input, by its path alone or with what its manifest says of it. */
export interface RequestedInput {
  /** As the record shows it. */
  readonly path: string;
  /** Where it is read: what `path` names from the current folder unless given. */
  readonly resolvedPath?: FilePlace;
  /** Lower-case hexadecimal; undefined where nobody said it. */
  readonly expectedSha256?: string | undefined;
}

type Needed = 'outputDir' | 'artifactVersion' | 'buildId';
type Inputs = 'kernel' | 'initramfs' | 'rootfs' | 'signedUki';

/** What a release is built from, and how; {@link BuildOptions} where much may be left out. */
export interface BuildRequest
  extends Pick<BuildOptions, Needed>,
    Partial<Omit<BuildOptions, Needed | Inputs>> {
  readonly kernel: RequestedInput;
  readonly initramfs: RequestedInput;
  readonly rootfs?: RequestedInput | undefined;
  readonly signedUki?: RequestedInput | undefined;
}

/**
 * Returns what a request asks for, with a default for all that it leaves out: an ISO and a qcow2 disk, the root verified where there is
 * one, nothing of a source or a runbook, this machine, the first of January 1970, and this package as the tool.
 */
export function requested(given: BuildRequest): BuildOptions {
  const { kernel, initramfs, rootfs, signedUki, ...others } = given;
  const recovery = given.operatorRecoveryPath;
  return {
    shownOutputDir: given.outputDir,
    commandLine: '',
    root: rootfs === undefined ? 'none' : 'verity',
    formats: new Set(IMAGE_FORMATS.filter((format) => format !== 'raw')),
    imageSizeMib: undefined,
    sourceCommit: 'unknown',
    sourceTag: 'none',
    sourceTagObject: 'none',
    buildEnvironment: localBuildEnvironment(),
    operatorRecoveryPath: 'none',
    resolvedRecoveryPath: recovery === undefined ? '' : resolve(recovery),
    epoch: 0,
    tool: { name, version },
    tracker: { track: (_label, work) => work(() => undefined) },
    signal: new AbortController().signal,
    ...others,
    kernel: inputOf(kernel),
    initramfs: inputOf(initramfs),
    rootfs: rootfs && inputOf(rootfs),
    signedUki: signedUki && inputOf(signedUki),
  };
}

function inputOf({ path, resolvedPath = resolve(path), expectedSha256 }: RequestedInput): BuildInput {
  return { path, resolvedPath, expectedSha256 };
}
