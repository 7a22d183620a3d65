// SPDX-License-Identifier: Apache-2.0

/** A Multiboot 1 header (Multiboot 0.6.96, section 3.1). */
export interface Multiboot1Header {
  /** Byte offset in the file. */
  readonly offset: number;
  readonly flags: number;
}

const MAGIC = 0x1badb002;
/** The header lies wholly within this many bytes of the file, at a multiple of 4. */
const SEARCHED = 8192;

/** Finds the Multiboot 1 header: the first place whose magic, flags and checksum add up to zero. */
export function findMultiboot1(bytes: Uint8Array): Multiboot1Header | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0; offset + 12 <= Math.min(bytes.length, SEARCHED); offset += 4) {
    if (view.getUint32(offset, true) !== MAGIC) continue;
    const flags = view.getUint32(offset + 4, true);
    if ((MAGIC + flags + view.getUint32(offset + 8, true)) % 2 ** 32 === 0) return { offset, flags };
  }
  return undefined;
}
