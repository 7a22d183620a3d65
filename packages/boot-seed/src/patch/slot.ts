// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';

/** A place in assembled bytes that is filled in later: the 16 characters in front of it, and its size. */
export interface Slot {
  readonly magic: string;
  /** Bytes after the magic. */
  readonly size: number;
  /** The name of the bytes, for messages. */
  readonly owner: string;
}

/**
 * Returns the offset of the first byte after the slot's magic, or undefined unless it is there exactly once, with its
 * room.
 */
export function findSlot(bytes: Uint8Array, { magic, size }: Slot): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = buffer.indexOf(magic, 0, 'latin1');
  const start = first + magic.length;
  if (first < 0 || start + size > bytes.length || buffer.indexOf(magic, first + 1, 'latin1') >= 0)
    return undefined;
  return start;
}

/**
 * Returns a copy of `bytes` in which `fill` has set a slot.
 * @throws BootSeedError `no-slot` where there is none, or more than one
 */
export function patchSlot(
  bytes: Uint8Array,
  slot: Slot,
  fill: (content: Uint8Array, view: DataView) => void,
): Uint8Array {
  const start = findSlot(bytes, slot);
  if (start === undefined) {
    throw new BootSeedError(
      'no-slot',
      `${slot.owner}: expected the mark ${JSON.stringify(slot.magic)} exactly once`,
    );
  }
  const patched = Uint8Array.from(bytes);
  fill(patched.subarray(start, start + slot.size), new DataView(patched.buffer, start, slot.size));
  return patched;
}

/** Writes ASCII text into a slot, the rest of it NUL; at least one NUL has to remain. */
export function fillText(content: Uint8Array, text: string): void {
  content.fill(0);
  content.set(Buffer.from(text, 'latin1').subarray(0, content.length - 1));
}
