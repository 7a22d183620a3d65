// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';
import { isoCommand, vmImageCommand } from './command.js';
import type { SeedBuildRecord } from './schema.js';

/** A file of a build by its name and digest. */
export interface BuildFile {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** What kind of build a record of the boot seed is of, as in-toto's documents name it. */
export const BUILD_TYPE = 'https://latticra.invalid/build/boot-seed/v1';

/** Returns what a record says of a build in the words that all builds share: source, command, inputs, outputs. */
export function recordedSeedBuild(record: SeedBuildRecord, recordFile: BuildFile) {
  const { kernelInput, grubConfig, iso, vmImage, kernelFile, efiFile, esp, ...common } = record;
  const files = [iso, vmImage, kernelFile, efiFile, esp].filter((file) => file !== undefined);
  return {
    buildType: BUILD_TYPE,
    command: iso === undefined ? vmImageCommand(record) : isoCommand(record),
    buildId: common.buildId ?? NONE,
    epoch: common.epoch,
    sourceCommit: common.sourceCommit,
    sourceTag: common.sourceTag,
    sourceTagObject: common.sourceTagObject,
    buildEnvironment: common.buildEnvironment,
    tool: common.tool,
    inputs: [
      ...(kernelInput ? [{ name: kernelInput.path, sha256: kernelInput.sha256 }] : []),
      ...(grubConfig?.path ? [{ name: grubConfig.path, sha256: grubConfig.sha256 }] : []),
    ],
    outputs: files.map(({ path, sha256 }) => ({ name: path, sha256 })),
    record: recordFile,
  };
}
