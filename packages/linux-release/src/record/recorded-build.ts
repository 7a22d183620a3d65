// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from './command.js';
import type { BuildRecord } from './schema.js';

/** A file of a build by its name and digest. */
export interface BuildFile {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** What kind of build a record of a Linux system is of, as in-toto's documents name it. */
export const BUILD_TYPE = 'https://latticra.invalid/build/os-image/v1';

/** Returns what a record says of a build in the words that all builds share: source, command, inputs, outputs. */
export function recordedBuild(record: BuildRecord, recordFile: BuildFile) {
  const { kernel, initramfs, rootfs, signedUki, iso, qcow2, raw, uki } = record;
  const images = [iso, qcow2, raw, uki].filter((file) => file !== undefined);
  const inputs = [kernel, initramfs, rootfs].filter((file) => file !== undefined);
  return {
    buildType: BUILD_TYPE,
    command: buildCommand(record),
    buildId: record.buildId,
    epoch: record.epoch,
    sourceCommit: record.sourceCommit,
    sourceTag: record.sourceTag,
    sourceTagObject: record.sourceTagObject,
    buildEnvironment: record.buildEnvironment,
    tool: record.tool,
    inputs: [
      ...inputs.map(({ path, sha256 }) => ({ name: path, sha256 })),
      ...(signedUki.path !== undefined && signedUki.sha256 !== undefined
        ? [{ name: signedUki.path, sha256: signedUki.sha256 }]
        : []),
    ],
    outputs: images.map(({ path, sha256 }) => ({ name: path, sha256 })),
    record: recordFile,
  };
}
