// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { joinBytes } from '../layout/bytes.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { SECTOR, structure } from './format.js';
import type { IsoBootImage, IsoExtent } from './spec.js';

/** Platform numbers of El Torito 1.0 (section 2.1), and of UEFI 2.10 (section 13.3.2.1). */
export const PLATFORMS = { bios: 0x00, powerpc: 0x01, mac: 0x02, uefi: 0xef } as const;

/** Entries after the default one: each takes a section header and an entry, in a catalog of one sector. */
const MAX_ENTRIES = 1 + (SECTOR - 64) / 64;

/** Sums the sixteen-bit words of an entry, modulo 65536; a validation entry has to give zero. */
export function checksum(entry: DataView): number {
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum += entry.getUint16(at, true);
  return sum & 0xffff;
}

/**
 * Makes a boot catalog of one sector: the first image as the default entry, each other one in a section of its own.
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

/** An entry of a boot catalog that was read. */
export interface IsoBootEntry {
  /** Who starts it; `other` for a platform number without a name. */
  readonly platform: keyof typeof PLATFORMS | 'other';
  readonly bootable: boolean;
  /** Whether the firmware shows the image as a floppy or hard disk, or (`none`) just loads it. */
  readonly emulation: 'none' | 'floppy' | 'hard-disk';
  /** Byte offset in the image. */
  readonly offset: number;
  /** How much is loaded, in virtual sectors of 512 bytes. */
  readonly loadSectors: number;
}

/** A catalog goes on for as long as its headers say; more than this no firmware reads. */
const MAX_CATALOG = 32 * SECTOR;

/**
 * Reads a boot catalog (El Torito 1.0, section 2).
 * @throws ImageError `truncated`, or `corrupt` for a wrong checksum, unknown entries, images outside
 */
export function readBootCatalog(source: ByteSource, offset: number): IsoBootEntry[] {
  let at = offset;
  const next = () => {
    if (at - offset >= MAX_CATALOG) throw new ImageError('corrupt', 'the boot catalog has no end');
    at += 32;
    return readStructure(source, at - 32, 32, 'boot catalog entry');
  };
  const validation = next();
  if (
    validation.getUint8(0) !== 1 ||
    validation.getUint16(30, true) !== 0xaa55 ||
    checksum(validation) !== 0
  ) {
    throw new ImageError('corrupt', 'the boot catalog does not begin with a valid entry of its own');
  }
  const found = [parseEntry(next(), validation.getUint8(1), source.size)];
  for (let more = true; more; ) {
    const header = next();
    const indicator = header.getUint8(0);
    if (indicator === 0) break;
    if (indicator !== 0x90 && indicator !== 0x91) {
      throw new ImageError('corrupt', `the boot catalog has a section header of type ${indicator}`);
    }
    more = indicator === 0x90;
    for (let count = header.getUint16(2, true); count > 0; count--) {
      const entry = next();
      found.push(parseEntry(entry, header.getUint8(1), source.size));
      // Bit 5: extension entries follow; they only hold selection criteria. Their own bit 5 says if one more does.
      let extended = (entry.getUint8(1) & 0x20) !== 0;
      while (extended) extended = (next().getUint8(1) & 0x20) !== 0;
    }
  }
  return found;
}

function parseEntry(entry: DataView, platform: number, imageSize: number): IsoBootEntry {
  const indicator = entry.getUint8(0);
  const media = entry.getUint8(1) & 0x0f;
  if ((indicator !== 0x88 && indicator !== 0) || media > 4) {
    throw new ImageError('corrupt', `the boot catalog has an entry of type ${indicator}, media ${media}`);
  }
  const offset = entry.getUint32(8, true) * SECTOR;
  const loadSectors = entry.getUint16(6, true);
  if (offset + loadSectors * 512 > imageSize) {
    throw new ImageError(
      'corrupt',
      `a boot image of ${loadSectors} sectors at byte ${offset} passes the end`,
    );
  }
  return {
    platform: platformName(platform),
    bootable: indicator === 0x88,
    emulation: media === 0 ? 'none' : media === 4 ? 'hard-disk' : 'floppy',
    offset,
    loadSectors,
  };
}

function platformName(platform: number): IsoBootEntry['platform'] {
  const named = (Object.keys(PLATFORMS) as (keyof typeof PLATFORMS)[]).find(
    (name) => PLATFORMS[name] === platform,
  );
  return named ?? 'other';
}
