// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  type ByteSource,
  type Layout,
  layoutChunks,
  layoutSource,
  readBytes,
  sliceSource,
} from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { openIso } from '@latticra/disk-image/iso9660';
import { encodeQcow2, openQcow2 } from '@latticra/disk-image/qcow2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setBuildId } from '../patch/build-id.js';
import { setCommandLine } from '../patch/loader.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { makeKernel } from '../testing/make-kernel.js';
import { buildBootDisk } from './disk.js';
import { readEpoch } from './identity.js';
import { buildBootIso } from './iso.js';
import { IMAGE_PATH } from './names.js';
import { MIN_DISK_SIZE } from './places.js';

const MIB = 1 << 20;
const KERNEL = setBuildId(PREBUILT_PARTS.kernel, 'image-test');
const UEFI_LOADER = setCommandLine(PREBUILT_PARTS.uefiLoader, '');

const all = (source: ByteSource) => Buffer.from(readBytes(source, 0, source.size));
const digest = (layout: Layout) => {
  const hash = createHash('sha256');
  for (const chunk of layoutChunks(layout)) hash.update('hole' in chunk ? `hole ${chunk.hole}` : chunk);
  return hash.digest('hex');
};

/** Reads what the BIOS loader in `loader` was told: where it lies, how long it is, and the same of the kernel. */
const biosPlaces = (loader: Buffer) => [0, 4, 8, 12].map((at) => loader.readUInt32LE(80 + at));

describe('buildBootIso', () => {
  const iso = layoutSource(buildBootIso({ kernel: KERNEL }));
  const { boot, find, open } = openIso(iso);
  const [bios, uefi] = boot;

  it('the ISO has both El Torito images, and the kernel where each firmware’s loader looks', () => {
    expect(bios).toMatchObject({ platform: 'bios', emulation: 'none', loadSectors: 4 });
    expect(uefi).toMatchObject({ platform: 'uefi', emulation: 'none' });
    expect(all(open(find(IMAGE_PATH.kernel)))).toEqual(Buffer.from(KERNEL));
    expect(all(open(find(IMAGE_PATH.uefiLoader)))).toEqual(Buffer.from(UEFI_LOADER));
    const esp = openFat(sliceSource(iso, uefi?.offset ?? 0, (uefi?.loadSectors ?? 0) * 512));
    expect(all(esp.open(IMAGE_PATH.kernel))).toEqual(Buffer.from(KERNEL));
    expect(all(esp.open(IMAGE_PATH.uefiLoader))).toEqual(Buffer.from(UEFI_LOADER));
  });

  it('the ISO tells master boot code and BIOS loader where things lie', () => {
    const loader = all(open(find(IMAGE_PATH.biosLoader)));
    const [loaderBlock, loaderSize, kernelBlock, kernelSize] = biosPlaces(loader);
    expect((loaderBlock ?? 0) * 512).toBe(bios?.offset);
    expect(loaderSize).toBe(loader.length);
    expect(kernelSize).toBe(KERNEL.length);
    expect(readBytes(iso, (kernelBlock ?? 0) * 512, KERNEL.length)).toEqual(KERNEL);
    const code = Buffer.from(readBytes(iso, 0, 440));
    expect(code.readUInt32LE(code.indexOf('LATTICRA_MBR_LBA') + 24)).toBe(loaderBlock);
  });

  it('the ISO is a GPT disk too, whose partition is the FAT image', () => {
    const { partitions } = readGpt(iso);
    expect(partitions).toHaveLength(1);
    expect(partitions[0]).toMatchObject({
      typeGuid: GPT_TYPE.efiSystem,
      firstLba: (uefi?.offset ?? 0) / 512,
    });
  });

  it('the ISO takes at most 2 MiB, in whole MiB', () => {
    expect(iso.size).toBe(MIB);
  });
});

describe('buildBootDisk', () => {
  const { disk, esp, uefiLoader } = buildBootDisk({ kernel: KERNEL, size: 64 * MIB, commandLine: 'quiet' });
  const source = layoutSource(disk);

  it('the disk has the loader in one partition, and UEFI loader and kernel in the other', () => {
    const [loaderPartition, espPartition] = readGpt(source).partitions;
    if (!loaderPartition || !espPartition) throw new Error('partitions are missing');
    expect(loaderPartition.typeGuid).toBe(GPT_TYPE.biosBoot);
    expect(espPartition.typeGuid).toBe(GPT_TYPE.efiSystem);
    const volume = openFat(partitionSource(source, espPartition));
    expect(all(volume.open(IMAGE_PATH.kernel))).toEqual(Buffer.from(KERNEL));
    expect(all(volume.open(IMAGE_PATH.uefiLoader))).toEqual(Buffer.from(uefiLoader));
    expect(uefiLoader).toEqual(setCommandLine(PREBUILT_PARTS.uefiLoader, 'quiet'));
    const loader = readBytes(partitionSource(source, loaderPartition), 0, PREBUILT_PARTS.biosLoader.length);
    const [loaderBlock, , kernelBlock] = biosPlaces(Buffer.from(loader));
    expect(loaderBlock).toBe(loaderPartition.firstLba);
    expect(readBytes(source, (kernelBlock ?? 0) * 512, KERNEL.length)).toEqual(KERNEL);
    expect(digest(esp)).toBe(
      digest(buildBootDisk({ kernel: KERNEL, size: 64 * MIB, commandLine: 'quiet' }).esp),
    );
  });

  it('the disk takes at most 2 MiB as qcow2, and reads back from there', () => {
    const qcow2 = encodeQcow2(disk);
    expect(qcow2.size).toBeLessThanOrEqual(2 * MIB);
    const read = openQcow2(layoutSource(qcow2));
    expect(read.size).toBe(disk.size);
    expect(readGpt(read)).toEqual(readGpt(source));
  });

  it('the plan of a disk of 64 GiB takes no more memory than that of one of 64 MiB', () => {
    const huge = buildBootDisk({ kernel: KERNEL, size: 65536 * MIB }).disk;
    const content = huge.extents.reduce((sum, { source }) => sum + source.size, 0);
    expect(content).toBeLessThan(2 * MIB);
    expect(huge.extents.length).toBeLessThan(20);
    expect(encodeQcow2(huge).size).toBeLessThanOrEqual(2 * MIB);
    expect(readGpt(layoutSource(huge)).partitions).toHaveLength(2);
  });

  it.each([0, -MIB, MIN_DISK_SIZE - MIB, 64 * MIB + 512, Number.NaN])(
    'a disk of %d bytes is refused',
    (size) => {
      expect(() => buildBootDisk({ kernel: KERNEL, size })).toThrow(
        expect.objectContaining({ code: 'bad-place' }),
      );
    },
  );

  it('a disk that the kernel does not fit is refused', () => {
    const kernel = makeKernel({ fileSize: 6 * MIB });
    expect(() => buildBootDisk({ kernel, size: MIN_DISK_SIZE })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });
});

describe('an image', () => {
  const builders = {
    iso: buildBootIso,
    disk: (options: Parameters<typeof buildBootIso>[0]) => buildBootDisk({ ...options, size: 64 * MIB }).disk,
  };

  it.each(Object.entries(builders))(
    'an image of kind %s follows from kernel, epoch and command line alone',
    (_, build) => {
      const base = { kernel: KERNEL, epoch: 1_700_000_000, commandLine: 'a' };
      const digests = [
        base,
        { ...base, epoch: 1_700_000_002 },
        { ...base, commandLine: 'b' },
        { ...base, kernel: setBuildId(KERNEL, 'another') },
      ].map((options) => digest(build(options)));
      expect(new Set(digests).size).toBe(4);
      expect(digest(build({ ...base }))).toBe(digests[0]);
    },
  );

  it('an image holds kernels of any size up to the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2048, max: 16 * MIB }), (fileSize) => {
        const kernel = makeKernel({ fileSize });
        const iso = openIso(layoutSource(buildBootIso({ kernel })));
        expect(iso.find(IMAGE_PATH.kernel).size).toBe(fileSize);
      }),
      { numRuns: 20, examples: [[16 * MIB]] },
    );
  });

  it('an image is refused for a kernel that would not start, or a time that no date can hold', () => {
    for (const build of Object.values(builders)) {
      expect(() => build({ kernel: makeKernel({ tags: [{ type: 5 }] }) })).toThrow(
        expect.objectContaining({ code: 'kernel-wants-framebuffer' }),
      );
      for (const epoch of [-1, 0.5, 2 ** 33, Number.NaN]) {
        expect(() => build({ kernel: KERNEL, epoch })).toThrow(
          expect.objectContaining({ code: 'bad-epoch' }),
        );
      }
      expect(() => build({ kernel: KERNEL, commandLine: '\n' })).toThrow(
        expect.objectContaining({ code: 'bad-command-line' }),
      );
    }
  });
});

describe('readEpoch', () => {
  it('the epoch is SOURCE_DATE_EPOCH, or 0', () => {
    expect(readEpoch({})).toBe(0);
    expect(readEpoch({ SOURCE_DATE_EPOCH: '1700000000' })).toBe(1_700_000_000);
  });
  it.each(['', ' 1', '-1', '1e3', '0x10', '99999999999', '4102444800'])('the epoch %j is refused', (text) => {
    expect(() => readEpoch({ SOURCE_DATE_EPOCH: text })).toThrow(
      expect.objectContaining({ code: 'bad-epoch', kind: 'usage' }),
    );
  });
});
