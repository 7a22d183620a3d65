// SPDX-License-Identifier: Apache-2.0
import { PREBUILT_PARTS } from '../seed/parts.js';
import { BIOS_LOADER, type BiosLoaderPlaces, BLOCK, COMMAND_LINE, MASTER_BOOT } from './loader.js';
import { findSlot, type Slot } from './slot.js';

/**
 * Returns a view of the first of the slots when bytes are, apart from all of them, the same as `own`; undefined for any
 * other.
 */
function slotOfOwn(bytes: Uint8Array, own: Uint8Array, slots: readonly Slot[]): DataView | undefined {
  if (bytes.length !== own.length) return undefined;
  const [found, expected] = [Uint8Array.from(bytes), Uint8Array.from(own)];
  for (const slot of slots) {
    const at = findSlot(expected, slot);
    if (at === undefined || findSlot(found, slot) !== at) return undefined;
    found.fill(0, at, at + slot.size);
    expected.fill(0, at, at + slot.size);
  }
  if (Buffer.compare(found, expected) !== 0) return undefined;
  const [first] = slots;
  const at = first && findSlot(bytes, first);
  return at === undefined ? undefined : new DataView(bytes.buffer, bytes.byteOffset + at, first?.size);
}

/** Returns the byte at which our master boot code finds its loader; undefined for any other code. */
export function placesOfMasterBoot(code: Uint8Array): number | undefined {
  const slot = slotOfOwn(code, PREBUILT_PARTS.masterBoot, [MASTER_BOOT]);
  const own = findSlot(PREBUILT_PARTS.masterBoot, MASTER_BOOT);
  if (slot === undefined || own === undefined) return undefined;
  // Of the address packet only the number of the block is filled in.
  const packet = PREBUILT_PARTS.masterBoot.subarray(own, own + 8);
  if (Buffer.compare(new Uint8Array(slot.buffer, slot.byteOffset, 8), packet) !== 0) return undefined;
  return Number(slot.getBigUint64(8, true)) * BLOCK;
}

/** Returns the places that a BIOS loader of ours was told; undefined for any other loader. */
export function placesOfBiosLoader(
  loader: Uint8Array,
): Pick<BiosLoaderPlaces, 'loader' | 'kernel'> | undefined {
  const slot = slotOfOwn(loader, PREBUILT_PARTS.biosLoader, [BIOS_LOADER, COMMAND_LINE]);
  if (slot === undefined || slot.getUint32(4, true) !== loader.length) return undefined;
  return {
    loader: slot.getUint32(0, true) * BLOCK,
    kernel: { offset: slot.getUint32(8, true) * BLOCK, size: slot.getUint32(12, true) },
  };
}
