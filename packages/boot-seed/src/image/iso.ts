// SPDX-License-Identifier: Apache-2.0
import { bytesSource, createLayout, type Layout, layoutSource } from '@latticra/disk-image';
import { createGptTables, GPT_TYPE } from '@latticra/disk-image/gpt';
import { type IsoExtent, type IsoPlan, layoutIso, planIso } from '@latticra/disk-image/iso9660';
import { BootSeedError } from '../error.js';
import { assertBootable } from '../multiboot/index.js';
import { patchBiosLoader, patchMasterBoot, setCommandLine } from '../patch/loader.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { compactEspSize, createEsp } from './esp.js';
import { createIdentity } from './identity.js';
import { IMAGE_PATH, VOLUME_LABEL } from './names.js';
import type { BootImageOptions } from './options.js';

const BLOCK = 2048;
/** Backup entries and header of a GPT: 33 sectors of 512 bytes. */
const BACKUP_GPT_SIZE = 33 * 512;
/** SeaBIOS cannot read a USB disk of less than one of the cylinders it imagines: 16 heads of 63 sectors. */
const SIZE_UNIT = 1 << 20;
/** What the BIOS loads of the El Torito image, in sectors of 512 bytes; the loader reads the rest of itself. */
const LOAD_SECTORS = 4;

/**
 * Plans an ISO that starts by BIOS and by UEFI, as a CD and, copied to it byte for byte, as a USB disk:
 * El Torito without emulation for both firmwares; master boot code, protective MBR and a GPT whose one
 * partition is the FAT image that UEFI finds by El Torito too.
 * @throws BootSeedError for a kernel that the loaders cannot start, a bad epoch or command line
 */
export function buildBootIso(options: BootImageOptions): Layout {
  const { kernel, commandLine = '', epoch = 0, parts = PREBUILT_PARTS } = options;
  assertBootable(kernel);
  const identity = createIdentity('iso', options);
  const uefiLoader = setCommandLine(parts.uefiLoader, commandLine);
  const espSize = compactEspSize(kernel, uefiLoader);
  const plan = planIso({
    volumeId: VOLUME_LABEL,
    epoch,
    applicationId: 'LATTICRA BOOT SEED',
    files: [
      { path: IMAGE_PATH.biosLoader, size: parts.biosLoader.length },
      { path: IMAGE_PATH.kernel, size: kernel.length },
      { path: IMAGE_PATH.uefiLoader, size: uefiLoader.length },
      { path: IMAGE_PATH.esp, size: espSize },
    ],
    boot: [
      { platform: 'bios', path: IMAGE_PATH.biosLoader, loadSectors: LOAD_SECTORS },
      { platform: 'uefi', path: IMAGE_PATH.esp, loadSectors: espSize / 512 },
    ],
    trailerSize: BACKUP_GPT_SIZE,
    alignSize: SIZE_UNIT,
  });
  const place = placesIn(plan);
  const loader = place(IMAGE_PATH.biosLoader).offset;
  const espPlace = place(IMAGE_PATH.esp);
  const esp = createEsp({
    size: espSize,
    kernel,
    uefiLoader,
    epoch,
    volumeId: identity.serial('esp'),
    start: espPlace.offset,
  });
  const tables = createGptTables({
    size: plan.size,
    diskGuid: identity.uuid('disk'),
    bootCode: patchMasterBoot(parts.masterBoot, loader),
    alignment: BLOCK,
    partitions: [
      {
        typeGuid: GPT_TYPE.efiSystem,
        uniqueGuid: identity.uuid('esp'),
        name: 'EFI system partition',
        firstLba: espPlace.offset / 512,
        size: espSize,
      },
    ],
  });
  const biosLoader = patchBiosLoader(
    parts.biosLoader,
    { loader, kernel: place(IMAGE_PATH.kernel), blockSize: BLOCK },
    commandLine,
  );
  return layoutIso(plan, {
    files: new Map([
      [IMAGE_PATH.biosLoader, bytesSource(biosLoader)],
      [IMAGE_PATH.kernel, bytesSource(kernel)],
      [IMAGE_PATH.uefiLoader, bytesSource(uefiLoader)],
      [IMAGE_PATH.esp, layoutSource(esp.layout)],
    ]),
    systemArea: layoutSource(createLayout(tables.primary.source.size, [tables.primary])),
    trailer: tables.backup.source,
  });
}

const placesIn =
  (plan: IsoPlan) =>
  (path: string): IsoExtent => {
    const extent = plan.files.get(path);
    if (extent) return extent;
    throw new BootSeedError('bad-place', `the ISO was planned without ${path}`);
  };
