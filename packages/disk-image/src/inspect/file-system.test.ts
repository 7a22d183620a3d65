// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { bytesSource, sliceSource } from '../layout/source.js';
import { findFileSystem } from './file-system.js';
import { inspect } from './index.js';

const SIZE = 1 << 20;
const UUID = '00112233445566778899aabbccddeeff';
const UUID_TEXT = '00112233-4455-6677-8899-aabbccddeeff';

type Write = (bytes: Buffer) => void;

/** Makes a mebibyte with the marks of one file system, as its documentation places them. */
const volume = (...writes: Write[]) => {
  const bytes = Buffer.alloc(SIZE);
  for (const write of writes) write(bytes);
  return bytesSource(bytes);
};
const text =
  (at: number, value: string): Write =>
  (bytes) =>
    bytes.write(value, at, 'latin1');
const uuid =
  (at: number): Write =>
  (bytes) =>
    bytes.write(UUID, at, 'hex');
const u32 =
  (at: number, value: number): Write =>
  (bytes) =>
    bytes.writeUInt32LE(value, at);
const big64 =
  (at: number, value: number): Write =>
  (bytes) =>
    bytes.writeBigUInt64BE(BigInt(value), at);
const u64 =
  (at: number, value: number): Write =>
  (bytes) =>
    bytes.writeBigUInt64LE(BigInt(value), at);
const ext = [u32(1024 + 56, 0xef53), u32(1024 + 4, 1024), uuid(1024 + 104), text(1024 + 120, 'label')];
const named = { label: 'label', uuid: UUID_TEXT, size: SIZE };

const CASES: [string, Write[], object][] = [
  ['ext2', ext, { type: 'ext2', ...named }],
  ['ext3', [...ext, u32(1024 + 92, 4)], { type: 'ext3', ...named }],
  ['ext4, by its extents', [...ext, u32(1024 + 96, 0x40)], { type: 'ext4', ...named }],
  [
    'xfs',
    [text(0, 'XFSB\0\0\x10\0'), big64(8, 256), uuid(32), text(108, 'label')],
    { type: 'xfs', ...named },
  ],
  [
    'btrfs',
    [text(65536 + 64, '_BHRfS_M'), uuid(65536 + 32), u64(65536 + 112, SIZE), text(65536 + 0x12b, 'label')],
    { type: 'btrfs', ...named },
  ],
  [
    'erofs',
    [
      u32(1024, 0xe0f5e1e2),
      u32(1024 + 12, 12),
      u32(1024 + 36, 256),
      uuid(1024 + 48),
      text(1024 + 64, 'label'),
    ],
    { type: 'erofs', ...named },
  ],
  [
    'dm-verity',
    [
      text(0, 'verity\0\0\x01\0\0\0\x01'),
      uuid(16),
      text(32, 'sha256'),
      u32(64, 4096),
      u32(68, 4096),
      u64(72, 16_384),
    ],
    { type: 'dm-verity', uuid: UUID_TEXT, size: 130 * 4096 },
  ],
  ['squashfs', [text(0, 'hsqs'), u32(28, 4), u64(40, 5000)], { type: 'squashfs', size: 5000 }],
  ['f2fs', [u32(1024, 0xf2f52010), uuid(1024 + 108)], { type: 'f2fs', uuid: UUID_TEXT }],
  ['hfsplus', [text(1024, 'H+\0\x04'), text(1024 + 42, '\x10\0\0\0\x01\0')], { type: 'hfsplus', size: SIZE }],
  ['ntfs', [text(0, '\xeb\x52\x90NTFS    \0\x02'), u64(40, 2047), u32(508, 0xaa550000)], { type: 'ntfs' }],
  [
    'exfat',
    [text(0, '\xeb\x76\x90EXFAT   '), u64(72, 2048), u32(508, 0xaa550000), text(108, '\x09')],
    { type: 'exfat', size: SIZE },
  ],
  ['LUKS 1', [text(0, 'LUKS\xba\xbe\0\x01'), text(168, UUID_TEXT)], { type: 'luks1', uuid: UUID_TEXT }],
  [
    'LUKS 2',
    [text(0, 'LUKS\xba\xbe\0\x02'), text(24, 'label'), text(168, UUID_TEXT)],
    { type: 'luks2', label: 'label', uuid: UUID_TEXT },
  ],
  ['LVM2', [text(512, 'LABELONE'), text(536, 'LVM2 001')], { type: 'lvm2' }],
  ['md 1.1', [u32(0, 0xa92b4efc)], { type: 'md-raid' }],
  ['md 1.2', [u32(4096, 0xa92b4efc)], { type: 'md-raid' }],
  ['md 1.0', [u32((SIZE / 512 - 16) * 512, 0xa92b4efc)], { type: 'md-raid' }],
  ['md 0.90', [u32(SIZE - 65536, 0xa92b4efc)], { type: 'md-raid' }],
  ['swap with pages of 64 KiB', [text(65526, 'SWAPSPACE2'), u32(1024 + 4, 15)], { type: 'swap', size: SIZE }],
  ['UDF', [text(32769, 'BEA01'), text(32768 + 2049, 'NSR03')], { type: 'udf' }],
];

describe('findFileSystem', () => {
  it.each(CASES)('the file system %s is recognized', (_, writes, expected) => {
    const source = volume(...writes);
    expect(findFileSystem(source)).toMatchObject(expected);
    expect(inspect(source)).toMatchObject({ kind: 'file-system', facts: expected, problems: [], also: [] });
  });

  it('a file system that is cut off at any byte is recognized or not, and not taken for another', () => {
    const iso = volume(text(32769, 'CD001'), u32(32768 + 80, 512));
    for (const source of [...CASES.map(([, writes]) => volume(...writes)), iso]) {
      const cuts = [0, 1024, 4096, 32768, 65536].flatMap((place) =>
        Array.from({ length: 520 }, (_, index) => place + index),
      );
      const whole = findFileSystem(source)?.type;
      for (const size of cuts) {
        const found = findFileSystem(sliceSource(source, 0, size))?.type;
        if (found !== undefined) expect([whole, 'md-raid']).toContain(found);
      }
    }
  });

  it('zeros are taken for no file system', () => {
    expect(findFileSystem(volume())).toBeUndefined();
  });

  it('a file system that is longer than what holds it is found truncated', () => {
    expect(inspect(volume(...ext, u32(1024 + 4, 1025))).problems).toMatchObject([{ code: 'truncated' }]);
  });

  const erofs = [u32(1024, 0xe0f5e1e2), u32(1024 + 12, 12), u32(1024 + 36, 256)];
  it('an EROFS file system whose checksum is another is found corrupt', () => {
    expect(inspect(volume(...erofs, u32(1024 + 8, 1)))).toMatchObject({
      kind: 'file-system',
      facts: { type: 'erofs' },
      problems: [{ code: 'corrupt', message: expect.stringContaining('checksum') }],
    });
  });

  it('an EROFS file system with features that are not known, and a hash area of another hash, are unread', () => {
    const features = inspect(volume(...erofs, u32(1024 + 80, 0x8000)));
    expect(features).toMatchObject({ problems: [], unread: [expect.stringContaining('0x8000')] });
    const area = inspect(volume(text(0, 'verity\0\0\x01\0\0\0\x01'), uuid(16), text(32, 'sha512')));
    expect(area).toMatchObject({
      facts: { type: 'dm-verity', uuid: UUID_TEXT, size: undefined },
      problems: [],
    });
    expect(area.unread).toHaveLength(1);
  });

  it('a disk with a table is not taken for the file system that was left behind on it', () => {
    const table = [text(446, '\x80\0\0\0\x83\0\0\0\x08\0\0\0\x08\0\0\0'), u32(508, 0xaa550000)];
    expect(inspect(volume(...ext, ...table))).toMatchObject({ kind: 'disk', facts: { scheme: 'mbr' } });
  });
});
