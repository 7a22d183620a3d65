// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootSeedError } from '../error.js';
import { DISK_PLACE } from '../image/places.js';
import { inTemporaryFolder } from '../temporary.js';
import { patchBootImage } from './boot-image.js';
import { placeCoreImage } from './core-image.js';
import type { GrubPart } from './image.js';
import { normalizeMemdisk } from './memdisk.js';
import { GRUB_MODULES, NO_EXTRAS } from './modules.js';
import { type GrubRun, runGrub, toolEpoch } from './run.js';
import { GRUB_PLATFORM } from './tools.js';

/** The FAT volume is the partition after the one that core.img lies in, on whichever disk the BIOS started. */
const BIOS_PREFIX = '(,gpt2)/boot/grub';

/**
 * What BOOTX64.EFI reads first, from the file system inside it: it goes on with the configuration on the volume
 * that the firmware started it from, which GRUB names in `cmdpath`.
 */
const EFI_CONFIG = `regexp --set=1:device '^\\(([^)]*)\\)' "$cmdpath"
set root="$device"
set prefix="($device)/boot/grub"
configfile "$prefix/grub.cfg"
`;

type Making = Omit<GrubRun, 'cwd'>;

/**
 * Builds boot.img and core.img for a disk that has core.img at byte `offset`.
 * @throws BootSeedError `grub-failed`, `grub-unfit-image`
 */
export function buildBiosLoader(making: Making, offset: number) {
  return inTemporaryFolder(async (cwd) => {
    const { tools } = making;
    const file = 'core.img';
    await runGrub(
      tools.mkimage,
      [
        ...['--format', GRUB_PLATFORM.bios, '--directory', tools.platforms.bios],
        ...['--prefix', BIOS_PREFIX, '--output', file],
        ...['biosdisk', ...GRUB_MODULES],
      ],
      { ...making, cwd },
    );
    const core = placeCoreImage(await readFile(join(cwd, file)), offset);
    if (offset + core.length > DISK_PLACE.volume) {
      throw new BootSeedError(
        'grub-unfit-image',
        `core.img of ${core.length} bytes is larger than its partition`,
      );
    }
    const boot = await readFile(join(tools.platforms.bios, 'boot.img'));
    const bootImage: GrubPart = { role: 'boot-image', name: 'boot.img', bytes: patchBootImage(boot, offset) };
    const coreImage: GrubPart = { role: 'core-image', name: 'core.img', bytes: core };
    return { bootImage, coreImage };
  });
}

/**
 * Builds BOOTX64.EFI, with every module that it needs in it.
 * @throws BootSeedError `grub-failed`, `grub-unfit-image`
 */
export function buildEfiLoader(making: Making): Promise<GrubPart> {
  return inTemporaryFolder(async (cwd) => {
    const { tools } = making;
    const name = 'BOOTX64.EFI';
    await writeFile(join(cwd, 'grub.cfg'), EFI_CONFIG);
    await runGrub(
      tools.mkstandalone,
      [
        ...['--format', GRUB_PLATFORM.uefi, '--directory', tools.platforms.uefi, '--output', name],
        ...[`--modules=${GRUB_MODULES.join(' ')}`, '--install-modules=', ...NO_EXTRAS],
        'boot/grub/grub.cfg=grub.cfg',
      ],
      { ...making, cwd },
    );
    const bytes = normalizeMemdisk(await readFile(join(cwd, name)), toolEpoch(making.epoch));
    return { role: 'efi-loader', name, bytes };
  });
}
