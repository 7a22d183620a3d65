// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, bytesSource, type Layout, layoutSource } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { seedKernel } from '../build/kernel.js';
import { SEED_FILE } from '../build/seed.js';
import { resolveParts } from '../build/tools.js';
import { VM_IMAGE_FILE } from '../build/vm-image.js';
import { buildGrubDisk, buildGrubIso, findGrub } from '../grub/index.js';
import type { BuildHost } from '../host.js';
import { buildBootDisk } from '../image/disk.js';
import { buildBootIso } from '../image/iso.js';
import { PREBUILT_PARTS, type SeedParts, sumParts } from '../seed/parts.js';
import type { FoundImage } from './found.js';
import { notRepeated } from './refuse.js';
import type { SeedBuildRecord } from './schema.js';

/** The files that a build makes, by name. */
export type MadeAgain = ReadonlyMap<string, ByteSource>;

/**
 * Makes the files of a build again, as the command in its record does, around the kernel and the configuration in its image.
 * @param name of the record
 * @throws BootSeedError `not-repeated` where this is another GRUB or other machine code than it was made with, or the seed's
 *   kernel is another; ToolchainError for a tool that is missing
 */
export async function makeAgain(
  name: string,
  record: SeedBuildRecord,
  found: FoundImage,
  host: BuildHost,
): Promise<MadeAgain> {
  const parts = await partsOf(name, record, host);
  const { kernel } = found;
  if (record.kernelInput === undefined) {
    const own = seedKernel(parts.kernel, record.buildId);
    if (own.sha256 !== record.kernel.sha256) {
      throw notRepeated(
        name,
        'the kernel in its image is not the one that its command makes',
        'a kernel of your own is given with --kernel, which the record then names',
      );
    }
  }
  const plan = { kernel, epoch: record.epoch };
  const files = new Map<string, ByteSource>();
  const put = (file: string, layout: Layout) => files.set(file, layoutSource(layout));
  if (record.iso !== undefined) {
    files.set(SEED_FILE.kernel, bytesSource(kernel));
    put(
      SEED_FILE.iso,
      record.bootloader === 'latticra'
        ? buildBootIso({ ...plan, parts })
        : (await buildGrubIso({ ...plan, ...(await grubOf(name, record, found, host)) })).image,
    );
    return files;
  }
  const size = (record.imageSizeMib ?? 0) * 2 ** 20;
  const { disk, esp, uefiLoader } =
    record.bootloader === 'latticra'
      ? buildBootDisk({ ...plan, size })
      : await grubDisk({ ...plan, size, ...(await grubOf(name, record, found, host)) });
  if (uefiLoader !== undefined) files.set(VM_IMAGE_FILE.uefiLoader, bytesSource(uefiLoader));
  put(VM_IMAGE_FILE.esp, esp);
  put(VM_IMAGE_FILE.qcow2, encodeQcow2(disk));
  return files;
}

async function grubDisk(options: Parameters<typeof buildGrubDisk>[0]) {
  const { image, volume, parts } = await buildGrubDisk(options);
  const uefiLoader = parts.find(({ role }) => role === 'efi-loader')?.bytes;
  return { disk: image, esp: volume, uefiLoader };
}

/** Finds the machine code that a build used: what ships, or what the sources assemble to here. */
async function partsOf(name: string, record: SeedBuildRecord, host: BuildHost): Promise<SeedParts> {
  if (record.machineCodeSha256 === sumParts(PREBUILT_PARTS)) return PREBUILT_PARTS;
  if (record.toolchain === 'gnu') {
    const { parts } = await resolveParts('gnu', host);
    if (sumParts(parts) === record.machineCodeSha256) return parts;
  }
  throw notRepeated(
    name,
    `it was made of the machine code sha256:${record.machineCodeSha256}, which is not that of this version`,
    `validate it with the version that built it: ${record.tool.name} ${record.tool.version}`,
  );
}

async function grubOf(name: string, record: SeedBuildRecord, found: FoundImage, host: BuildHost) {
  const tools = await findGrub(host);
  if (tools.version !== record.grubVersion) {
    throw notRepeated(
      name,
      `it was made by GRUB ${record.grubVersion}, and here is GRUB ${tools.version}`,
      'validate it where that version is installed: it decides the bytes',
    );
  }
  return { tools, host, config: new TextDecoder().decode(found.grubConfig) };
}
