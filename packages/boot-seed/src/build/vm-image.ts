// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ByteSource, layoutChunks, layoutSource } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { ensureFolder, type Measurement, writeFileAtomic } from '@latticra/held-files';
import { BootSeedError } from '../error.js';
import { buildGrubDisk, findGrub, type GrubToolchain, grubConfig, readGrubConfig } from '../grub/index.js';
import type { BuildHost } from '../host.js';
import { type BootDiskOptions, buildBootDisk } from '../image/disk.js';
import { type BuildKernel, readKernel } from './kernel.js';
import { askGrubFile, assertReportable, type BootloaderChoice } from './tools.js';

/** The names of the files that {@link buildVmImage} writes into its output folder. */
export const VM_IMAGE_FILE = {
  uefiLoader: 'BOOTX64.EFI',
  esp: 'latticra-boot-seed-esp.raw',
  qcow2: 'latticra-boot-seed.qcow2',
} as const;

/** Sizes of a VM image in MiB: the usual one, and what can be asked for. */
export const VM_IMAGE_MIB = { usual: 64, least: 8, most: 16 * 1024 * 1024 } as const;

export interface BuildVmImageOptions extends BuildHost {
  readonly kernel: string;
  readonly outputDir: string;
  /** The size of the disk; see {@link VM_IMAGE_MIB}. */
  readonly imageSizeMib?: number;
  readonly bootloader?: BootloaderChoice;
  /** With `grub`: path of another grub.cfg than the one that starts the kernel at once. */
  readonly grubConfig?: string;
  /** Every date in the image, in seconds since 1970; 0 by default. */
  readonly epoch?: number;
  /** Hears how many more bytes were written. */
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
  /** The bytes of the qcow2 file as they were written, whatever lies under its name by now. */
  readonly qcow2Bytes: ByteSource;
  readonly imageSizeMib: number;
  readonly epoch: number;
  readonly outputDir: string;
  readonly grubFile: string | undefined;
  /** GRUB, where it starts the kernel: its tools, and the configuration. */
  readonly grub:
    | {
        readonly tools: GrubToolchain;
        /** The configuration that was asked for, as it was given. */
        readonly configPath: string | undefined;
        readonly configSha256: string;
      }
    | undefined;
}

/**
 * Builds a virtual machine's disk around a kernel, and the parts of it as files of their own. Replaces files of these
 * names, and writes nothing before all of it has been planned.
 * @throws BootSeedError, HeldFileError, ImageError
 */
export async function buildVmImage(options: BuildVmImageOptions): Promise<VmImageBuild> {
  const { outputDir, imageSizeMib = VM_IMAGE_MIB.usual, epoch = 0, onBytes } = options;
  assertReportable(outputDir, options.kernel, options.grubConfig);
  const { bytes: kernel, buildId, sha256 } = await readKernel(options.kernel);
  const { disk, esp, uefiLoader, grub } = await planDisk(options, {
    kernel,
    epoch,
    size: imageSizeMib * 2 ** 20,
  });
  const grubFile = await askGrubFile(kernel, options);
  const writing = onBytes ? { onBytes } : {};
  options.signal?.throwIfAborted();
  await ensureFolder(outputDir);
  const image = encodeQcow2(disk);
  return {
    kernelPath: options.kernel,
    kernelSha256: sha256,
    buildId,
    uefiLoader: await writeFileAtomic(join(outputDir, VM_IMAGE_FILE.uefiLoader), uefiLoader, writing),
    esp: await writeFileAtomic(join(outputDir, VM_IMAGE_FILE.esp), layoutChunks(esp), writing),
    qcow2: await writeFileAtomic(join(outputDir, VM_IMAGE_FILE.qcow2), layoutChunks(image), writing),
    qcow2Bytes: layoutSource(image),
    imageSizeMib,
    epoch,
    outputDir,
    grubFile,
    grub,
  };
}

async function planDisk(options: BuildVmImageOptions, plan: BootDiskOptions) {
  const { bootloader = 'latticra', grubConfig: path } = options;
  if (bootloader === 'latticra') return { ...buildBootDisk(plan), grub: undefined };
  const config = path === undefined ? grubConfig() : await readGrubConfig(path);
  const tools = await findGrub(options);
  const { image, volume, parts } = await buildGrubDisk({ ...plan, config, tools, host: options });
  const loader = parts.find(({ role }) => role === 'efi-loader');
  if (!loader) throw new BootSeedError('grub-unfit-image', 'the disk was planned without an EFI loader');
  const sha256 = createHash('sha256').update(config).digest('hex');
  const grub = { tools, configPath: path, configSha256: sha256 };
  return { disk: image, esp: volume, uefiLoader: loader.bytes, grub };
}
