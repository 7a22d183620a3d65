// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';

/** One tag of a Multiboot 2 header: something a kernel asks for. */
export interface Multiboot2Tag {
  readonly type: number;
  /** Whether the kernel must not be started without it (the inverse of the header's bit `optional`). */
  readonly required: boolean;
  /** The bytes after the eight of type, flags and size. */
  readonly data: DataView;
}

/** A Multiboot 2 header (Multiboot 2.0, section 3.1). */
export interface Multiboot2Header {
  /** Byte offset in the file. */
  readonly offset: number;
  /** 0: 32-bit protected mode of the i386. */
  readonly architecture: number;
  /** All but the end tag, in order. */
  readonly tags: readonly Multiboot2Tag[];
}

const MAGIC = 0xe85250d6;
/** The header lies wholly within this many bytes of the file, at a multiple of 8. */
const SEARCHED = 32768;

/**
 * Reads the Multiboot 2 header: the first place whose four words add up to zero. Returns undefined where the magic
 * does not occur at all.
 * @throws BootSeedError `kernel-bad-header` for a magic without its checksum, or tags that leave the header
 */
export function readMultiboot2(bytes: Uint8Array): Multiboot2Header | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const limit = Math.min(bytes.length, SEARCHED);
  let unsummed: number | undefined;
  for (let offset = 0; offset + 16 <= limit; offset += 8) {
    if (view.getUint32(offset, true) !== MAGIC) continue;
    const [architecture, length, checksum] = [4, 8, 12].map((at) => view.getUint32(offset + at, true));
    if (architecture === undefined || length === undefined || checksum === undefined) break;
    if ((MAGIC + architecture + length + checksum) % 2 ** 32 !== 0) {
      unsummed ??= offset;
      continue;
    }
    if (length < 24 || offset + length > limit) {
      throw bad(offset, `its ${length} bytes do not lie within the first ${limit} of the file`);
    }
    return {
      offset,
      architecture,
      tags: readTags(new DataView(view.buffer, view.byteOffset + offset, length), offset),
    };
  }
  if (unsummed !== undefined) throw bad(unsummed, 'its checksum is wrong');
  return undefined;
}

function readTags(header: DataView, offset: number): Multiboot2Tag[] {
  const tags: Multiboot2Tag[] = [];
  for (let at = 16; at + 8 <= header.byteLength; ) {
    const type = header.getUint16(at, true);
    const size = header.getUint32(at + 4, true);
    if (size < 8 || at + size > header.byteLength)
      throw bad(offset, `tag ${type} of ${size} bytes does not fit`);
    if (type === 0) return tags;
    const data = new DataView(header.buffer, header.byteOffset + at + 8, size - 8);
    tags.push({ type, required: (header.getUint16(at + 2, true) & 1) === 0, data });
    at += Math.ceil(size / 8) * 8;
  }
  throw bad(offset, 'it ends without an end tag');
}

const bad = (offset: number, what: string) =>
  new BootSeedError('kernel-bad-header', `the kernel's Multiboot 2 header at byte ${offset}: ${what}`);
