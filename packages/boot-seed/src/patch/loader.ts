// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';
import { MAX_KERNEL_SIZE } from '../multiboot/index.js';
import { fillText, patchSlot, type Slot } from './slot.js';

/** The address packet of the master boot code; its block number is the 8 bytes at 8. */
export const MASTER_BOOT: Slot = { magic: 'LATTICRA_MBR_LBA', size: 16, owner: 'master boot code' };
/** Block of the loader, its size, block of the kernel, its size: 4 bytes each. */
export const BIOS_LOADER: Slot = { magic: 'LATTICRA_BIOSLDR', size: 16, owner: 'BIOS loader' };
/** The command line, which has the same slot in either loader. */
export const COMMAND_LINE: Slot = {
  magic: 'LATTICRA_CMDLINE',
  size: 256,
  owner: 'command line of the loader',
};

/** Bytes in a block, of which places are numbers. */
export const BLOCK = 512;

/** Where the parts lie that the BIOS loader reads, in bytes from the start of the disk or the CD. */
export interface BiosLoaderPlaces {
  readonly loader: number;
  readonly kernel: { readonly offset: number; readonly size: number };
  /** Bytes in a block of the medium: 2048 for what also has to start from a CD. */
  readonly blockSize: 512 | 2048;
}

/**
 * Makes master boot code that starts the loader at byte `loader` of the disk.
 * @throws BootSeedError `no-slot`, `bad-place`
 */
export function patchMasterBoot(code: Uint8Array, loader: number): Uint8Array {
  const block = blockNumber('loader', loader, BLOCK);
  return patchSlot(code, MASTER_BOOT, (_, view) => view.setBigUint64(8, BigInt(block), true));
}

/**
 * Makes a BIOS loader that finds itself and the kernel.
 * @throws BootSeedError `no-slot`, `bad-place`, `bad-command-line`
 */
export function patchBiosLoader(
  loader: Uint8Array,
  places: BiosLoaderPlaces,
  commandLine: string,
): Uint8Array {
  const { kernel, blockSize } = places;
  if (!(Number.isInteger(kernel.size) && kernel.size > 0 && kernel.size <= MAX_KERNEL_SIZE)) {
    throw new BootSeedError(
      'bad-place',
      `a kernel of ${kernel.size} bytes, expected 1 to ${MAX_KERNEL_SIZE}`,
    );
  }
  const placed = patchSlot(loader, BIOS_LOADER, (_, view) => {
    if (view.getUint32(4, true) !== loader.length) {
      throw new BootSeedError(
        'no-slot',
        `the BIOS loader says it has ${view.getUint32(4, true)} bytes, not ${loader.length}`,
      );
    }
    view.setUint32(0, blockNumber('loader', places.loader, blockSize), true);
    view.setUint32(8, blockNumber('kernel', kernel.offset, blockSize), true);
    view.setUint32(12, kernel.size, true);
  });
  return setCommandLine(placed, commandLine);
}

/**
 * Makes a loader of either kind that passes `commandLine` on.
 * @throws BootSeedError `no-slot`, `bad-command-line`
 */
export function setCommandLine(loader: Uint8Array, commandLine: string): Uint8Array {
  if (!/^[\x20-\x7e]{0,255}$/.test(commandLine)) {
    throw new BootSeedError(
      'bad-command-line',
      'the command line: expected at most 255 printable ASCII characters',
    );
  }
  return patchSlot(loader, COMMAND_LINE, (content) => fillText(content, commandLine));
}

/** Returns the number of the block of 512 bytes, whatever the medium's block size is. */
function blockNumber(what: string, offset: number, blockSize: number): number {
  const block = offset / BLOCK;
  if (!Number.isInteger(offset / blockSize) || block <= 0 || block > 0xffffffff) {
    throw new BootSeedError(
      'bad-place',
      `the ${what} at byte ${offset}: expected a multiple of ${blockSize} within 2 TiB`,
    );
  }
  return block;
}
