// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError, layoutSource, sliceSource } from '@latticra/disk-image';
import { inspect, requireInitramfs } from '@latticra/disk-image/inspect';
import {
  type BootUki,
  checkSignedUki,
  diskRootOffset,
  type HelperConfig,
  isoRootOffset,
  joinInitramfs,
  type LinuxKernelFile,
  type PlannedUki,
  planUki,
} from '@latticra/linux-image';
import { composeCommandLine } from './command-line.js';
import { badInput, type HeldInput } from './inputs.js';
import type { BuildOptions } from './options.js';
import { osReleaseText } from './os-release.js';
import type { BuiltRoot } from './root.js';

/** What starts a system: its unified kernel image, unsigned, and as the images hold it. */
export interface PlannedBoot {
  readonly planned: PlannedUki;
  readonly inImages: BootUki;
  /** What was appended to the initramfs, with the zeros in front of it; undefined where nothing was. */
  readonly appended: ByteSource | undefined;
}

/** What was given for it, held open. */
export interface BootInputs {
  readonly kernel: HeldInput;
  readonly kernelFile: LinuxKernelFile;
  readonly initramfs: HeldInput;
  readonly root: BuiltRoot | undefined;
  readonly signedUki: HeldInput | undefined;
}

const SECTOR = 512;

/** Tells the helper how it finds the root, and what it makes of it. */
function helperConfig({ plan, rootHash, modules }: BuiltRoot, epoch: number): HelperConfig {
  const place = {
    blocks: plan.erofs.blocks,
    uuid: plan.uuid,
    sectors: [isoRootOffset(plan.size, epoch) / SECTOR, diskRootOffset() / SECTOR],
    modules: modules.map(({ name }) => name),
  };
  if (plan.verity === undefined || rootHash === undefined) return { ...place, root: 'plain' };
  return {
    ...place,
    root: 'verity',
    total: plan.size / 4096,
    hash: rootHash,
    salt: Buffer.from(plan.verity.options.salt).toString('hex'),
  };
}

/** Joins the initramfs, and plans the unified kernel image around it. @throws LinuxImageError, LinuxReleaseError */
export function planBoot(inputs: BootInputs, options: BuildOptions): PlannedBoot {
  const { kernel, kernelFile, initramfs, root, signedUki } = inputs;
  assertInitramfs(initramfs);
  const joined =
    root === undefined
      ? initramfs.source
      : layoutSource(
          joinInitramfs(initramfs.source, {
            config: helperConfig(root, options.epoch),
            modules: root.modules,
          }),
        );
  const planned = planUki({
    kernel: kernel.source,
    initrd: joined,
    commandLine: composeCommandLine({
      given: options.commandLine,
      buildId: options.buildId,
      rootHash: root?.rootHash,
      hasRoot: root !== undefined,
    }),
    osRelease: osReleaseText(root?.system, kernelFile.release),
  });
  const unsigned = layoutSource(planned.layout);
  if (signedUki !== undefined) checkSignedUki(unsigned, signedUki.source);
  const { kernel: kernelPart, initrd, commandLine, authenticode } = planned;
  return {
    planned,
    inImages: {
      source: signedUki?.source ?? unsigned,
      kernel: kernelPart,
      initrd,
      commandLine,
      authenticode,
    },
    appended:
      root === undefined
        ? undefined
        : sliceSource(joined, initramfs.source.size, joined.size - initramfs.source.size),
  };
}

function assertInitramfs({ input, source }: HeldInput): void {
  try {
    requireInitramfs(inspect(source));
  } catch (cause) {
    throw cause instanceof ImageError ? badInput(input, cause) : cause;
  }
}
