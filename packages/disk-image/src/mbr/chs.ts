// SPDX-License-Identifier: Apache-2.0

const HEADS = 255;
const SECTORS = 63;

/**
 * Makes the three bytes of a cylinder-head-sector address for the usual translation of 255 heads and 63 sectors;
 * `FF FF FF` where the address does not fit, as UEFI 2.10 table 5-4 asks.
 */
export function chsBytes(lba: number): [number, number, number] {
  const cylinder = Math.floor(lba / (HEADS * SECTORS));
  if (cylinder > 1023) return [0xff, 0xff, 0xff];
  const head = Math.floor(lba / SECTORS) % HEADS;
  const sector = (lba % SECTORS) + 1;
  return [head, sector | ((cylinder >> 2) & 0xc0), cylinder & 0xff];
}
