// SPDX-License-Identifier: Apache-2.0
import { BIOS_PARTS } from './parts.js';
import { type BiosLoaderFacts, BLOCK } from './places.js';
import { BIOS_LOADER, COMMAND_LINE, MASTER_BOOT, slotsOfOwn } from './slot.js';

/**
 * Returns the byte at which master boot code of ours finds its loader; undefined for any other code.
 * @param code 440 bytes of sector 0
 */
export function readMasterBoot(code: Uint8Array): number | undefined {
  const [packet] = slotsOfOwn(code, BIOS_PARTS.masterBoot, [MASTER_BOOT]) ?? [];
  const [own] = slotsOfOwn(BIOS_PARTS.masterBoot, BIOS_PARTS.masterBoot, [MASTER_BOOT]) ?? [];
  // Of the address packet only the number of the block is filled in.
  if (packet === undefined || own === undefined) return undefined;
  return packet.getBigUint64(0, true) === own.getBigUint64(0, true)
    ? Number(packet.getBigUint64(8, true)) * BLOCK
    : undefined;
}

/**
 * Returns what a BIOS loader for Linux of ours was told; undefined for any other loader, and for one whose command
 * line does not end or is followed by something.
 */
export function readBiosLoader(bytes: Uint8Array): BiosLoaderFacts | undefined {
  const [places, text] = slotsOfOwn(bytes, BIOS_PARTS.biosLoader, [BIOS_LOADER, COMMAND_LINE]) ?? [];
  if (places === undefined || text === undefined) return undefined;
  if (places.getUint32(4, true) !== bytes.length) return undefined;
  const commandLine = readText(new Uint8Array(text.buffer, text.byteOffset, text.byteLength));
  if (commandLine === undefined) return undefined;
  const range = (at: number) => ({
    offset: places.getUint32(at, true) * BLOCK,
    size: places.getUint32(at + 4, true),
  });
  return { loader: places.getUint32(0, true) * BLOCK, kernel: range(8), initramfs: range(16), commandLine };
}

/** Reads text that ends with a NUL, behind which there are only more. */
function readText(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  if (end < 0 || bytes.subarray(end).some((byte) => byte !== 0)) return undefined;
  return Buffer.from(bytes.subarray(0, end)).toString('latin1');
}
