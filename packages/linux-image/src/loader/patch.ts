// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';
import { assertCommandLine } from '../kernel/command-line.js';
import { BIOS_PARTS } from './parts.js';
import { assertSize, type BiosLoaderFacts, BLOCK, blockNumber } from './places.js';
import { BIOS_LOADER, COMMAND_LINE, findSlot, MASTER_BOOT, type Slot } from './slot.js';

/** Bytes in a block of the medium: 2048 for what also has to start from a CD. */
type BlockSize = 512 | 2048;

/** Returns a view of a slot in bytes of our own. */
function slotIn(bytes: Uint8Array, slot: Slot): DataView {
  const at = findSlot(bytes, slot);
  if (at !== undefined) return new DataView(bytes.buffer, bytes.byteOffset + at, slot.size);
  throw new LinuxImageError('no-slot', `expected the mark ${slot.magic} exactly once`);
}

/** Makes master boot code that starts the loader at byte `loader` of the disk. @throws LinuxImageError `bad-place` */
export function createMasterBoot(loader: number): Uint8Array {
  const code = Uint8Array.from(BIOS_PARTS.masterBoot);
  slotIn(code, MASTER_BOOT).setBigUint64(8, BigInt(blockNumber('loader', loader, BLOCK)), true);
  return code;
}

/**
 * Makes a BIOS loader that finds itself, a kernel and an initramfs, each in one piece.
 * @throws LinuxImageError `bad-place`, `bad-command-line`
 */
export function createBiosLoader(
  { loader, kernel, initramfs, commandLine }: BiosLoaderFacts,
  blockSize: BlockSize,
): Uint8Array {
  assertSize('kernel', kernel.size);
  assertSize('initramfs', initramfs.size);
  assertCommandLine(commandLine, COMMAND_LINE.size - 1);
  const code = Uint8Array.from(BIOS_PARTS.biosLoader);
  const view = slotIn(code, BIOS_LOADER);
  view.setUint32(0, blockNumber('loader', loader, blockSize), true);
  view.setUint32(8, blockNumber('kernel', kernel.offset, blockSize), true);
  view.setUint32(12, kernel.size, true);
  view.setUint32(16, blockNumber('initramfs', initramfs.offset, blockSize), true);
  view.setUint32(20, initramfs.size, true);
  const text = slotIn(code, COMMAND_LINE);
  new Uint8Array(text.buffer, text.byteOffset, text.byteLength).set(Buffer.from(commandLine, 'latin1'));
  return code;
}
