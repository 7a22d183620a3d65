// SPDX-License-Identifier: Apache-2.0

/** A place in assembled bytes that is filled in later: the 16 characters in front of it, and its size. */
export interface Slot {
  readonly magic: string;
  /** Bytes after the magic. */
  readonly size: number;
}

/** The address packet of the master boot code; its block number is the 8 bytes at 8. */
export const MASTER_BOOT: Slot = { magic: 'LATTICRA_MBR_LBA', size: 16 };
/** Block and size of the loader, of the kernel and of the initramfs: 4 bytes each. */
export const BIOS_LOADER: Slot = { magic: 'LATTICRA_BIOSLNX', size: 24 };
/** The command line, with its NUL. */
export const COMMAND_LINE: Slot = { magic: 'LATTICRA_CMDLINE', size: 2048 };

/** Returns the first byte after the slot's magic; undefined unless that is there exactly once, with its room. */
export function findSlot(bytes: Uint8Array, { magic, size }: Slot): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = buffer.indexOf(magic, 0, 'latin1');
  if (first < 0 || buffer.indexOf(magic, first + 1, 'latin1') >= 0) return undefined;
  const start = first + magic.length;
  return start + size > bytes.length ? undefined : start;
}

/**
 * Returns where the slots are in bytes that are, apart from what they hold, the same as `own`; undefined for any other
 * bytes.
 */
export function slotsOfOwn(
  bytes: Uint8Array,
  own: Uint8Array,
  slots: readonly Slot[],
): readonly DataView[] | undefined {
  if (bytes.length !== own.length) return undefined;
  const [found, expected] = [Uint8Array.from(bytes), Uint8Array.from(own)];
  const views: DataView[] = [];
  for (const slot of slots) {
    const at = findSlot(own, slot);
    if (at === undefined) return undefined;
    found.fill(0, at, at + slot.size);
    expected.fill(0, at, at + slot.size);
    views.push(new DataView(bytes.buffer, bytes.byteOffset + at, slot.size));
  }
  return Buffer.compare(found, expected) === 0 ? views : undefined;
}
