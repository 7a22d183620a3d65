// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type ByteSource, layoutChunks, layoutSource } from '@latticra/disk-image';
import { ensureFolder, type Measurement, writeFileAtomic } from '@latticra/held-files';
import { buildGrubIso, findGrub, type GrubToolchain } from '../grub/index.js';
import type { BuildHost } from '../host.js';
import { buildBootIso } from '../image/iso.js';
import { type SeedParts, sumParts } from '../seed/parts.js';
import { type BuildKernel, readKernel, seedKernel } from './kernel.js';
import {
  askGrubFile,
  assertReportable,
  type BootloaderChoice,
  type ResolvedParts,
  resolveParts,
  type ToolchainChoice,
} from './tools.js';

/** The names of the files that {@link buildSeed} writes into its output folder. */
export const SEED_FILE = { kernel: 'latticra-boot-seed.elf', iso: 'latticra-boot-seed.iso' } as const;

export interface BuildSeedOptions extends BuildHost {
  readonly outputDir: string;
  /** A kernel to use instead of the seed's own. */
  readonly kernel?: string;
  readonly bootloader?: BootloaderChoice;
  readonly toolchain?: ToolchainChoice;
  /**
   * The build id that the kernel reports; by default a name made of its digest, or the one that a given kernel has.
   */
  readonly buildId?: string;
  /** Every date in the image, in seconds since 1970; 0 by default. */
  readonly epoch?: number;
  /** Hears how many more bytes were written. */
  readonly onBytes?: (count: number) => void;
}

/** A seed that was built, and how. */
export interface SeedBuild {
  readonly kernel: Measurement;
  readonly iso: Measurement;
  /** The bytes of the ISO as they were written, whatever lies under its name by now. */
  readonly isoBytes: ByteSource;
  readonly buildId: BuildKernel['buildId'];
  readonly epoch: number;
  readonly outputDir: string;
  /** The kernel that was asked for, as it was given. */
  readonly kernelGiven: string | undefined;
  /** The digest of the kernel that was asked for. */
  readonly kernelGivenSha256: string | undefined;
  readonly origin: Omit<ResolvedParts, 'parts'>;
  /** SHA-256 of the machine code that was used, before anything was filled in. */
  readonly partsSha256: string;
  /** Path of grub-file where it confirmed the kernel. */
  readonly grubFile: string | undefined;
  /** GRUB, where it starts the kernel. */
  readonly grub: GrubToolchain | undefined;
}

/**
 * Builds the boot seed: its kernel and an ISO that starts it. Replaces files of these names, and writes nothing
 * before all of it has been planned.
 *
 * @example
 * import { buildSeed } from '@latticra/boot-seed';
 *
 * const seed = await buildSeed({ outputDir: 'out', buildId: 'example.1' });
 * console.log(seed.kernel.path);
 *
 * @throws BootSeedError, ToolchainError, HeldFileError, ImageError
 */
export async function buildSeed(options: BuildSeedOptions): Promise<SeedBuild> {
  const { outputDir, toolchain = 'auto', buildId, epoch = 0, onBytes } = options;
  assertReportable(outputDir, options.kernel);
  const { parts, ...origin } = await resolveParts(toolchain, options);
  const given = options.kernel === undefined ? undefined : await readKernel(options.kernel, buildId);
  const kernel = given ?? seedKernel(parts.kernel, buildId);
  const { layout, grub } = await planIso(options, kernel.bytes, parts);
  const grubFile = await askGrubFile(kernel.bytes, options);
  const writing = onBytes ? { onBytes } : {};
  options.signal?.throwIfAborted();
  await ensureFolder(outputDir);
  return {
    kernel: await writeFileAtomic(join(outputDir, SEED_FILE.kernel), kernel.bytes, writing),
    iso: await writeFileAtomic(join(outputDir, SEED_FILE.iso), layoutChunks(layout), writing),
    isoBytes: layoutSource(layout),
    buildId: kernel.buildId,
    epoch,
    outputDir,
    kernelGiven: options.kernel,
    kernelGivenSha256: given?.givenSha256,
    origin,
    partsSha256: sumParts(parts),
    grubFile,
    grub,
  };
}

async function planIso(options: BuildSeedOptions, kernel: Uint8Array, parts: SeedParts) {
  const { bootloader = 'latticra', epoch = 0 } = options;
  if (bootloader === 'latticra') return { layout: buildBootIso({ kernel, epoch, parts }), grub: undefined };
  const grub = await findGrub(options);
  const { image } = await buildGrubIso({ kernel, epoch, tools: grub, host: options });
  return { layout: image, grub };
}
