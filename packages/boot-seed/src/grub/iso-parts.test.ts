// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import { openIso } from '@latticra/disk-image/iso9660';
import { describe, expect, it } from 'vitest';
import { BOOT_ISO } from '../../../../tools/testing/images.js';
import { BootSeedError } from '../error.js';
import { normalizeIso } from './iso-parts.js';

/** Sectors of the volume, in both orders of bytes (ECMA-119, 8.4.8). */
const VOLUME_SIZE = 16 * 2048 + 80;
/** In the last entry of the catalog: how many sectors are loaded. */
const LOAD_SECTORS = 32 + 64 + 6;

/** The ISO, cut off `bytes` after its EFI system partition begins, and its fields such that it says nothing against that. */
function cutIso(bytes: number): Buffer {
  const esp = openIso(bytesSource(BOOT_ISO)).boot.find(({ platform }) => platform === 'uefi')?.offset ?? 0;
  const iso = Buffer.from(BOOT_ISO.subarray(0, esp + bytes));
  iso.writeUInt32LE(esp / 2048, VOLUME_SIZE);
  iso.writeUInt32BE(esp / 2048, VOLUME_SIZE + 4);
  const catalog = iso.readUInt32LE(17 * 2048 + 71) * 2048;
  iso.writeUInt16LE(0, catalog + LOAD_SECTORS);
  return iso;
}

describe('normalizeIso', () => {
  it('an ISO that ends in the boot sector of its partition is refused, wherever in that', () => {
    for (let bytes = 1; bytes < 512; bytes++) {
      expect(() => normalizeIso(cutIso(bytes), 1)).toThrow(BootSeedError);
    }
  });
});
