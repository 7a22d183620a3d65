// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { layoutChunks } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { ensureFolder, type Measurement, writeFileAtomic } from '@latticra/held-files';
import { buildBootDisk } from '../image/disk.js';
import { type BuildKernel, readKernel } from './kernel.js';
import {
  askGrubFile,
  assertBootloader,
  assertReportable,
  type BootloaderChoice,
  type BuildSurroundings,
} from './tools.js';

/** What {@link buildVmImage} writes into its output folder. */
export const VM_IMAGE_FILE = {
  uefiLoader: 'BOOTX64.EFI',
  esp: 'latticra-boot-seed-esp.raw',
  qcow2: 'latticra-boot-seed.qcow2',
} as const;

/** Sizes of a VM image in MiB: the usual one, and what can be asked for. */
export const VM_IMAGE_MIB = { usual: 64, least: 8, most: 16 * 1024 * 1024 } as const;

export interface BuildVmImageOptions extends BuildSurroundings {
  readonly kernel: string;
  readonly outputDir: string;
  /** Size of the disk; see {@link VM_IMAGE_MIB}. */
  readonly imageSizeMib?: number;
  readonly bootloader?: BootloaderChoice;
  /** Every date in the image, in seconds since 1970; 0 by default. */
  readonly epoch?: number;
  /** Told of bytes written. */
  readonly onBytes?: (count: number) => void;
}

/** A VM image that was built. */
export interface VmImageBuild {
  readonly kernelPath: string;
  readonly kernelSha256: string;
  readonly buildId: BuildKernel['buildId'];
  readonly uefiLoader: Measurement;
  readonly esp: Measurement;
  readonly qcow2: Measurement;
  readonly imageSizeMib: number;
  readonly epoch: number;
  readonly outputDir: string;
  readonly grubFile: string | undefined;
}

/**
 * Builds a virtual machine's disk around a kernel, and the parts of it as files of their own. Files of these
 * names are replaced; nothing is written before all of it has been planned.
 * @throws BootSeedError, HeldFileError, ImageError
 */
export async function buildVmImage(options: BuildVmImageOptions): Promise<VmImageBuild> {
  const {
    outputDir,
    imageSizeMib = VM_IMAGE_MIB.usual,
    bootloader = 'latticra',
    epoch = 0,
    onBytes,
  } = options;
  assertBootloader(bootloader);
  assertReportable(outputDir, options.kernel);
  const { bytes: kernel, buildId, sha256 } = await readKernel(options.kernel);
  const { disk, esp, uefiLoader } = buildBootDisk({ kernel, epoch, size: imageSizeMib * 2 ** 20 });
  const grubFile = await askGrubFile(kernel, options);
  const writing = onBytes ? { onBytes } : {};
  options.signal?.throwIfAborted();
  await ensureFolder(outputDir);
  return {
    kernelPath: options.kernel,
    kernelSha256: sha256,
    buildId,
    uefiLoader: await writeFileAtomic(join(outputDir, VM_IMAGE_FILE.uefiLoader), uefiLoader, writing),
    esp: await writeFileAtomic(join(outputDir, VM_IMAGE_FILE.esp), layoutChunks(esp), writing),
    qcow2: await writeFileAtomic(
      join(outputDir, VM_IMAGE_FILE.qcow2),
      layoutChunks(encodeQcow2(disk)),
      writing,
    ),
    imageSizeMib,
    epoch,
    outputDir,
    grubFile,
  };
}
