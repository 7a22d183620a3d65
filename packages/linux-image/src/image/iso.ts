// SPDX-License-Identifier: Apache-2.0
import { bytesSource, createLayout, type Layout, layoutSource } from '@latticra/disk-image';
import { createGptTables, GPT_TYPE } from '@latticra/disk-image/gpt';
import { type IsoExtent, type IsoPlan, layoutIso, planIso } from '@latticra/disk-image/iso9660';
import { LinuxImageError } from '../error.js';
import { BIOS_PARTS } from '../loader/parts.js';
import { createBiosLoader, createMasterBoot } from '../loader/patch.js';
import type { MediumOptions } from './disk.js';
import { bootRanges, createEsp, espSize, VOLUME_LABEL } from './esp.js';
import { createIdentity } from './identity.js';

const BLOCK = 2048;
/** What the root's blocks are: its place is a multiple of them, so that a disk reads no block twice. */
const ROOT_ALIGNMENT = 4096;
/** Backup entries and header of a GPT: 33 sectors of 512 bytes. */
const BACKUP_GPT_SIZE = 33 * 512;
/** SeaBIOS cannot read a USB disk of less than one of the cylinders it imagines: 16 heads of 63 sectors. */
const SIZE_UNIT = 1 << 20;
/** What the BIOS loads of the El Torito image, in sectors of 512 bytes; the loader reads the rest of itself. */
const LOAD_SECTORS = 4;
/** The load count of El Torito has 16 bits; firmware takes a volume that is larger by what it says of itself. */
const MAX_LOAD_SECTORS = 0xffff;

/** The paths in an ISO, from its root. */
export const ISO_PATH = {
  biosLoader: 'boot/latticra-bios.bin',
  /** The EFI system partition as a FAT image, which is a partition of the GPT too. */
  esp: 'boot/esp.img',
  /** The image of the root, likewise. */
  root: 'latticra/root.img',
} as const;

function planFiles(rootSize: number | undefined, esp: number, epoch: number): IsoPlan {
  return planIso({
    volumeId: VOLUME_LABEL,
    epoch,
    applicationId: 'LATTICRA LINUX IMAGE',
    files: [
      { path: ISO_PATH.biosLoader, size: BIOS_PARTS.biosLoader.length },
      // In front of what depends on its hash.
      ...(rootSize === undefined ? [] : [{ path: ISO_PATH.root, size: rootSize, align: ROOT_ALIGNMENT }]),
      { path: ISO_PATH.esp, size: esp },
    ],
    boot: [
      { platform: 'bios', path: ISO_PATH.biosLoader, loadSectors: LOAD_SECTORS },
      { platform: 'uefi', path: ISO_PATH.esp, loadSectors: esp / 512 > MAX_LOAD_SECTORS ? 1 : esp / 512 },
    ],
    trailerSize: BACKUP_GPT_SIZE,
    alignSize: SIZE_UNIT,
  });
}

function placeIn(plan: IsoPlan, path: string): IsoExtent {
  const extent = plan.files.get(path);
  if (extent) return extent;
  throw new LinuxImageError('bad-place', `the ISO was planned without ${path}`);
}

/** Returns the byte of an ISO where a root of this size begins: whatever follows it does not matter. */
export const isoRootOffset = (rootSize: number, epoch: number): number =>
  placeIn(planFiles(rootSize, BLOCK, epoch), ISO_PATH.root).offset;

/**
 * Plans an ISO that starts by BIOS and by UEFI, as a CD and, copied to it byte for byte, as a disk: El Torito without
 * emulation for both firmwares; master boot code, protective MBR and a GPT with the root and the EFI system partition.
 */
export function planLinuxIso({ uki, root, epoch }: MediumOptions): Layout {
  const identity = createIdentity('iso', epoch, uki.authenticode);
  const plan = planFiles(root?.size, espSize(uki.source.size), epoch);
  const loaderPlace = placeIn(plan, ISO_PATH.biosLoader);
  const espPlace = placeIn(plan, ISO_PATH.esp);
  const esp = createEsp({ uki, epoch, volumeId: identity.serial('esp'), start: espPlace.offset });
  const loader = createBiosLoader(
    { loader: loaderPlace.offset, ...bootRanges(esp, espPlace.offset, uki), commandLine: uki.commandLine },
    BLOCK,
  );
  const partition = (role: string, name: string, typeGuid: string, { offset, size }: IsoExtent) => ({
    typeGuid,
    uniqueGuid: identity.uuid(role),
    name,
    firstLba: offset / 512,
    size,
  });
  const tables = createGptTables({
    size: plan.size,
    diskGuid: identity.uuid('disk'),
    bootCode: createMasterBoot(loaderPlace.offset),
    alignment: BLOCK,
    partitions: [
      ...(root === undefined
        ? []
        : [partition('root', 'Latticra root', GPT_TYPE.linuxFilesystem, placeIn(plan, ISO_PATH.root))]),
      partition('esp', 'EFI system partition', GPT_TYPE.efiSystem, espPlace),
    ],
  });
  return layoutIso(plan, {
    files: new Map([
      [ISO_PATH.biosLoader, bytesSource(loader)],
      ...(root === undefined ? [] : [[ISO_PATH.root, root] as const]),
      [ISO_PATH.esp, layoutSource(esp.layout)],
    ]),
    systemArea: layoutSource(createLayout(tables.primary.source.size, [tables.primary])),
    trailer: tables.backup.source,
  });
}
