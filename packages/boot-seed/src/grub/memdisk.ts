// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';
import { sortTar } from './tar.js';

/**
 * Where grub-mkimage puts what an EFI loader carries: in the PE section `mods`, a header and then objects, each
 * with its kind and length (`struct grub_module_info64`, `struct grub_module_header` in GRUB's
 * include/grub/kernel.h). Numbers are little-endian.
 */
const MODULES = {
  section: 'mods',
  /** `GRUB_MODULE_MAGIC`, "mimg". */
  magic: 0x676d696d,
  headerSize: 24,
  objectHeaderSize: 8,
  /** `OBJ_TYPE_MEMDISK`. */
  memdisk: 1,
} as const;

/** PE/COFF: where the header's place is, and sizes of its parts (Microsoft, "PE Format"). */
const PE = { headerAt: 0x3c, signatureSize: 4, coffSize: 20, sectionSize: 40 } as const;

/**
 * Makes an EFI loader of grub-mkstandalone's independent of where and when it was made. Its files stand in the order
 * in which a file system listed them, with the time they were copied; the result has them ordered by name and dated
 * `time`, in seconds since 1970. The length stays.
 * @throws BootSeedError `grub-unfit-image`
 */
export function normalizeMemdisk(image: Uint8Array, time: number): Uint8Array {
  const settled = Buffer.from(image);
  try {
    sortTar(findMemdisk(settled), time);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new BootSeedError('grub-unfit-image', 'the EFI loader ends in the middle of its modules', {
      cause,
    });
  }
  return settled;
}

function findMemdisk(image: Buffer): Buffer {
  const modules = findSection(image, MODULES.section);
  if (modules.readUInt32LE(0) !== MODULES.magic) throw unfit('its modules have another mark');
  const end = Number(modules.readBigUInt64LE(16));
  if (end > modules.length) throw unfit('its modules reach over the end');
  let at = Number(modules.readBigUInt64LE(8));
  while (at + MODULES.objectHeaderSize <= end) {
    const size = modules.readUInt32LE(at + 4);
    if (size < MODULES.objectHeaderSize || at + size > end) throw unfit('a module reaches over the end');
    if (modules.readUInt32LE(at) === MODULES.memdisk) {
      return modules.subarray(at + MODULES.objectHeaderSize, at + size);
    }
    at += size;
  }
  throw unfit('there is no file system in it');
}

function findSection(image: Buffer, name: string): Buffer {
  const coff = image.readUInt32LE(PE.headerAt) + PE.signatureSize;
  const sections = coff + PE.coffSize + image.readUInt16LE(coff + 16);
  for (let index = 0; index < image.readUInt16LE(coff + 2); index++) {
    const at = sections + index * PE.sectionSize;
    if (image.toString('latin1', at, at + 8).replace(/\0+$/, '') !== name) continue;
    const start = image.readUInt32LE(at + 20);
    return image.subarray(start, start + image.readUInt32LE(at + 16));
  }
  throw unfit(`there is no section ${name}`);
}

const unfit = (reason: string) =>
  new BootSeedError('grub-unfit-image', `the EFI loader is not laid out as GRUB 2's is: ${reason}`, {
    fix: 'install grub-common 2.02 or later',
  });
