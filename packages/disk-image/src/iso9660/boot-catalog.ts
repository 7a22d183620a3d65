// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { joinBytes, SECTOR, structure } from './format.js';
import type { IsoBootImage, IsoExtent } from './spec.js';

/** Platform numbers of El Torito 1.0 (section 2.1), and of UEFI 2.10 (section 13.3.2.1). */
export const PLATFORMS = { bios: 0x00, powerpc: 0x01, mac: 0x02, uefi: 0xef } as const;

/** Entries after the default one: each takes a section header and an entry, in a catalog of one sector. */
const MAX_ENTRIES = 1 + (SECTOR - 64) / 64;

/** Sum of the sixteen-bit words of an entry, modulo 65536; zero for a validation entry. */
export function checksum(entry: DataView): number {
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum += entry.getUint16(at, true);
  return sum & 0xffff;
}

/**
 * A boot catalog of one sector: the first image as the default entry, each other one in a section of its own.
 * @throws ImageError `too-large` for more entries than fit, or a load size of no or too many sectors
 */
export function encodeBootCatalog(
  images: readonly IsoBootImage[],
  place: (path: string) => IsoExtent,
): Uint8Array {
  if (images.length > MAX_ENTRIES) {
    throw new ImageError('too-large', `${images.length} boot images: a catalog here holds ${MAX_ENTRIES}`);
  }
  const validation = structure(32, (view) => {
    view.setUint8(0, 1);
    view.setUint8(1, PLATFORMS[images[0]?.platform ?? 'bios']);
    view.setUint16(30, 0xaa55, true);
    view.setUint16(28, -checksum(view), true);
  });
  const entry = ({ path, loadSectors }: IsoBootImage) => {
    if (!(Number.isInteger(loadSectors) && loadSectors >= 1 && loadSectors <= 0xffff)) {
      throw new ImageError('too-large', `boot image ${path} loads ${loadSectors} sectors, not 1 to 65535`);
    }
    return structure(32, (view) => {
      view.setUint8(0, 0x88);
      view.setUint16(6, loadSectors, true);
      view.setUint32(8, place(path).offset / SECTOR, true);
    });
  };
  const sections = images.slice(1).map((image, index) =>
    joinBytes(
      structure(32, (view) => {
        view.setUint8(0, index === images.length - 2 ? 0x91 : 0x90);
        view.setUint8(1, PLATFORMS[image.platform]);
        view.setUint16(2, 1, true);
      }),
      entry(image),
    ),
  );
  const entries = joinBytes(validation, ...images.slice(0, 1).map(entry), ...sections);
  return joinBytes(entries, new Uint8Array(SECTOR - entries.length));
}
