// SPDX-License-Identifier: Apache-2.0
/** What types do not keep out of a planner: numbers that are none, or more than the format takes. Each has to be refused, and at once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErofsTree, planErofs, writeErofs } from './erofs/index.js';
import { ImageError } from './error.js';
import { createFat } from './fat/index.js';
import { createGptDisk, createGptTables, GPT_TYPE } from './gpt/index.js';
import { planIso } from './iso9660/index.js';
import {
  asyncReader,
  type ByteSource,
  blobSource,
  bytesSource,
  createLayout,
  layoutChunks,
  readBytes,
  sliceSource,
} from './layout/index.js';
import { formatMbr, formatProtectiveMbr } from './mbr/index.js';
import { encodeQcow2 } from './qcow2/index.js';
import { planVerity, verityTable } from './verity/index.js';

const MIB = 1 << 20;
const GUID = '01234567-89ab-cdef-0123-456789abcdef';
const NONE = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  0.5,
  2 ** 53,
  2 ** 64,
  -(2 ** 53),
];
const BAD = fc.oneof(
  fc.constantFrom(...NONE),
  fc.double({ min: -(2 ** 60), max: -1 }),
  fc.double({ min: 2 ** 53 }),
  fc.nat().map((whole) => whole + 0.5),
);
const ofSize = (size: number): ByteSource => ({ size, readInto: (into) => void into.fill(1) });
const small = bytesSource(new Uint8Array(512));
const iso = { volumeId: 'V', epoch: 0, files: [{ path: 'a', size: 1 }] };
const gpt = { size: 64 * MIB, diskGuid: GUID, partitions: [] };
const partition = { typeGuid: GPT_TYPE.linuxFilesystem, uniqueGuid: GUID };
const fat = { size: 4 * MIB, files: [], volumeId: 0, timestamp: 0 };
const verity = { dataBlocks: 1, salt: new Uint8Array(), uuid: GUID };
const table = { ...verity, dataDevice: 'a', hashDevice: 'b', hashStart: 1, rootHash: new Uint8Array(32) };
const mtime = { seconds: 0, nanoseconds: 0 };
const entry = {
  path: 'a',
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime,
  size: 1,
  xattrs: new Map(),
} as const;

/** Writes a file of one byte, which is given as a hole. */
function writeHole(hole: number) {
  const tree = new ErofsTree();
  tree.add(entry);
  const writer = writeErofs(planErofs(tree, { uuid: GUID, epoch: 0 }), () => undefined);
  writer.file('a');
  writer.content({ hole });
}

/** Each with a number that it takes. */
const PLANNERS: Readonly<Record<string, readonly [good: number, plan: (amount: number) => unknown]>> = {
  'the length of a layout': [0, (size) => createLayout(size, [])],
  'the place of an extent': [0, (offset) => createLayout(512, [{ offset, source: small }])],
  'the length of an extent': [1, (size) => createLayout(512, [{ offset: 0, source: ofSize(size) }])],
  'the pieces of a layout': [
    1,
    (size) => [...layoutChunks(createLayout(512, [{ offset: 0, source: small }]), size)],
  ],
  'the place of a slice': [0, (offset) => sliceSource(small, offset, 1)],
  'the length of a slice': [1, (size) => sliceSource(small, 0, size)],
  'the place of a read': [0, (offset) => readBytes(small, offset, 1)],
  'the length of a read': [1, (size) => readBytes(small, 0, size)],
  'the memory of a reader': [MIB, (memory) => asyncReader(blobSource(new Blob(['a'])), { memory })],
  'the size of a file in an ISO': [1, (size) => planIso({ ...iso, files: [{ path: 'a', size }] })],
  'the alignment of a file in an ISO': [
    4096,
    (align) => planIso({ ...iso, files: [{ path: 'a', size: 1, align }] }),
  ],
  'the trailer of an ISO': [0, (trailerSize) => planIso({ ...iso, trailerSize })],
  'the alignment of an ISO': [2048, (alignSize) => planIso({ ...iso, alignSize })],
  'the time of an ISO': [0, (epoch) => planIso({ ...iso, epoch })],
  'the sectors that are loaded of a boot image': [
    4,
    (loadSectors) => planIso({ ...iso, boot: [{ platform: 'bios', path: 'a', loadSectors }] }),
  ],
  'the signature of an MBR': [0, (diskSignature) => formatMbr({ diskSignature })],
  'the type of an MBR partition': [
    1,
    (type) => formatMbr({ partitions: [{ type, firstLba: 1, sectors: 1 }] }),
  ],
  'the place of an MBR partition': [
    1,
    (firstLba) => formatMbr({ partitions: [{ type: 1, firstLba, sectors: 1 }] }),
  ],
  'the length of an MBR partition': [
    1,
    (sectors) => formatMbr({ partitions: [{ type: 1, firstLba: 1, sectors }] }),
  ],
  'the sectors behind a protective MBR': [2, (diskSectors) => formatProtectiveMbr({ diskSectors })],
  'the size of a GPT disk': [64 * MIB, (size) => createGptTables({ ...gpt, size })],
  'the first usable sector of a GPT disk': [
    34,
    (firstUsableLba) => createGptTables({ ...gpt, firstUsableLba }),
  ],
  'the alignment of GPT partitions': [MIB, (alignment) => createGptTables({ ...gpt, alignment })],
  'the size of a GPT partition': [
    512,
    (size) => createGptTables({ ...gpt, partitions: [{ ...partition, size }] }),
  ],
  'the place of a GPT partition': [
    2048,
    (firstLba) => createGptTables({ ...gpt, partitions: [{ ...partition, size: 512, firstLba }] }),
  ],
  'the content of a GPT partition': [
    512,
    (size) => createGptDisk({ ...gpt, partitions: [{ ...partition, size: 512, content: ofSize(size) }] }),
  ],
  'the size of a FAT volume': [4 * MIB, (size) => createFat({ ...fat, size })],
  'the number of a FAT volume': [0, (volumeId) => createFat({ ...fat, volumeId })],
  'the sectors before a FAT volume': [0, (hiddenSectors) => createFat({ ...fat, hiddenSectors })],
  'the clusters of a FAT volume': [4, (sectorsPerCluster) => createFat({ ...fat, sectorsPerCluster })],
  'the size of a file in a FAT volume': [
    1,
    (size) => createFat({ ...fat, files: [{ path: 'a', content: ofSize(size) }] }),
  ],
  'the size of a disk in qcow2': [512, (size) => encodeQcow2({ size, extents: [] })],
  'the size that a disk in qcow2 shall have': [
    512,
    (virtualSize) => encodeQcow2(createLayout(512, []), { virtualSize }),
  ],
  'the place of an extent in qcow2': [
    0,
    (offset) => encodeQcow2({ size: 512, extents: [{ offset, source: small }] }),
  ],
  'the length of an extent in qcow2': [
    1,
    (size) => encodeQcow2({ size: 512, extents: [{ offset: 0, source: ofSize(size) }] }),
  ],
  'the blocks under a hash tree': [1, (dataBlocks) => planVerity({ ...verity, dataBlocks })],
  'the blocks in a table of a hash tree': [1, (dataBlocks) => verityTable({ ...table, dataBlocks })],
  'the place of a hash tree in its table': [1, (hashStart) => verityTable({ ...table, hashStart })],
  'the mode of a file in EROFS': [0o644, (mode) => new ErofsTree().add({ ...entry, mode })],
  'the owner of a file in EROFS': [0, (uid) => new ErofsTree().add({ ...entry, uid })],
  'the group of a file in EROFS': [0, (gid) => new ErofsTree().add({ ...entry, gid })],
  'the size of a file in EROFS': [1, (size) => new ErofsTree().add({ ...entry, size })],
  'the nanoseconds of a file in EROFS': [
    0,
    (nanoseconds) => new ErofsTree().add({ ...entry, mtime: { seconds: 0, nanoseconds } }),
  ],
  'the number of a device in EROFS': [
    1,
    (minor) => new ErofsTree().add({ ...entry, type: 'block-device', device: { major: 1, minor } }),
  ],
  'the time of an EROFS file system': [0, (epoch) => planErofs(new ErofsTree(), { uuid: GUID, epoch })],
  'a hole in a file in EROFS': [1, writeHole],
};

describe.each(Object.entries(PLANNERS))('%s', (what, [good, plan]) => {
  it(`a plan in which ${what} is no whole number, or too large, is refused, and one in which it is right is not`, () => {
    expect(() => plan(good)).not.toThrow();
    fc.assert(
      fc.property(BAD, (bad) => {
        expect(() => plan(bad)).toThrow(ImageError);
      }),
      { examples: NONE.map((bad) => [bad]) },
    );
  });
});

it('the size of a file in an ISO that the format cannot count is refused before it is counted', () => {
  for (const size of [8 * 2 ** 40, 2 ** 52, Number.MAX_SAFE_INTEGER])
    expect(() => planIso({ ...iso, files: [{ path: 'a', size }] })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
});
