// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError, layoutSource, sliceSource } from '@latticra/disk-image';
import { inspect, requireInitramfs } from '@latticra/disk-image/inspect';
import {
  assertCommandLine,
  type BootUki,
  checkSignedUki,
  diskRootOffset,
  type HelperConfig,
  isoRootOffset,
  joinInitramfs,
  type ModuleFile,
  type PlannedUki,
  planUki,
  readLinuxKernel,
} from '@latticra/linux-image';
import { composeCommandLine } from './command-line.js';
import { badInput, type HeldInput } from './inputs.js';
import type { BuildOptions } from './options.js';

/** What starts a system: its unified kernel image, unsigned, and as the images hold it. */
export interface PlannedBoot {
  readonly planned: PlannedUki;
  readonly inImages: BootUki;
  /** What was appended to the initramfs, with the zeros in front of it; undefined where nothing was. */
  readonly appended: ByteSource | undefined;
}

/** What of a root decides how a system starts. */
export interface BootRoot {
  readonly plan: {
    /** Bytes of the image, and 4096-byte blocks of the file system in it. */
    readonly size: number;
    readonly erofs: { readonly blocks: number };
    readonly uuid: string;
    readonly verity: { readonly options: { readonly salt: Uint8Array } } | undefined;
  };
  /** Lower-case hexadecimal; undefined for a root that nobody verifies. */
  readonly rootHash: string | undefined;
  readonly modules: readonly ModuleFile[];
}

/** What was given for it, held open. */
export interface BootInputs {
  readonly kernel: HeldInput;
  readonly initramfs: HeldInput;
  readonly root: BootRoot | undefined;
  /** The text for the unified kernel image. */
  readonly osRelease: string;
  readonly signedUki: HeldInput | undefined;
}

const SECTOR = 512;

/** Tells the helper how it finds the root, and what it makes of it. */
function helperConfig({ plan, rootHash, modules }: BootRoot, epoch: number): HelperConfig {
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
export function planBoot(
  inputs: BootInputs,
  options: Pick<BuildOptions, 'epoch' | 'commandLine' | 'buildId'>,
): PlannedBoot {
  const { kernel, initramfs, root, osRelease, signedUki } = inputs;
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
  const commandLine = composeCommandLine({
    given: options.commandLine,
    buildId: options.buildId,
    rootHash: root?.rootHash,
    hasRoot: root !== undefined,
  });
  // A kernel cuts what is longer than it takes, and the hash and the build id stand at the end.
  assertCommandLine(commandLine, readLinuxKernel(kernel.source).commandLineLimit);
  const planned = planUki({ kernel: kernel.source, initrd: joined, commandLine, osRelease });
  const unsigned = layoutSource(planned.layout);
  if (signedUki !== undefined) checkSignedUki(unsigned, signedUki.source);
  const { kernel: kernelPart, initrd, authenticode } = planned;
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
