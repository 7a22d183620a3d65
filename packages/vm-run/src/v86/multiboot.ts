// SPDX-License-Identifier: Apache-2.0

const MAGIC = 0x1badb002;
/** The header lies whole within this many bytes of the file (Multiboot 0.6.96, 3.1). */
const SEARCHED_BYTES = 8192;

/** Returns whether a kernel has a Multiboot 1 header, by which v86 loads it. */
export function hasMultiboot1(kernel: Uint8Array): boolean {
  const view = new DataView(kernel.buffer, kernel.byteOffset, Math.min(kernel.length, SEARCHED_BYTES));
  for (let at = 0; at + 12 <= view.byteLength; at += 4) {
    if (view.getUint32(at, true) !== MAGIC) continue;
    const sum = MAGIC + view.getUint32(at + 4, true) + view.getUint32(at + 8, true);
    if (sum % 2 ** 32 === 0) return true;
  }
  return false;
}
