// SPDX-License-Identifier: Apache-2.0

import type { ByteSource } from '../layout/source.js';
import { planVerity, type VerityOptions } from '../verity/plan.js';
import { fieldText, hasText, peek, startsWith, uuidOf } from './bytes.js';
import { findVerity, verityBehind } from './verity.js';

/** What a volume is formatted as, by its superblock. */
export interface FileSystem {
  readonly type: FileSystemType;
  /** Empty where there is none, or none is kept in the superblock. */
  readonly label: string;
  readonly uuid: string | undefined;
  /** Bytes that it says it takes, where it says so. */
  readonly size: number | undefined;
  /** The superblock of a hash tree of dm-verity that stands right behind it. */
  readonly verity: VerityOptions | undefined;
}

export type FileSystemType =
  | 'fat'
  | 'exfat'
  | 'ntfs'
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'xfs'
  | 'btrfs'
  | 'f2fs'
  | 'erofs'
  | 'squashfs'
  | 'hfsplus'
  | 'iso9660'
  | 'udf'
  | 'swap'
  | 'luks1'
  | 'luks2'
  | 'lvm2'
  | 'md-raid'
  | 'dm-verity';

type Reader = (
  source: ByteSource,
) => (Omit<FileSystem, 'type' | 'verity'> & { readonly type?: FileSystemType }) | undefined;

const NOTHING = { label: '', uuid: undefined, size: undefined };

/** Numbers of 64 bits that no file reaches are shown as the largest there is. */
const number = (value: bigint) =>
  Number(value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : value);

/** Features of ext3 and ext4 (fs/ext4/ext4.h): a journal; and those that only ext4 has. */
const EXT = { journal: 0x4, ext4Incompat: 0x2c0, ext4ReadOnly: 0x78 } as const;

function ext(source: ByteSource): ReturnType<Reader> {
  const block = peek(source, 1024, 1024);
  if (block.length < 264 || block.readUInt16LE(56) !== 0xef53) return undefined;
  const [compat, incompat, readOnly] = [
    block.readUInt32LE(92),
    block.readUInt32LE(96),
    block.readUInt32LE(100),
  ];
  const wide = (incompat & 0x80) !== 0 && block.length > 0x154 ? block.readUInt32LE(0x150) : 0;
  const is4 = (incompat & EXT.ext4Incompat) !== 0 || (readOnly & EXT.ext4ReadOnly) !== 0;
  return {
    type: is4 ? 'ext4' : (compat & EXT.journal) !== 0 ? 'ext3' : 'ext2',
    label: fieldText(block, 120, 16),
    uuid: uuidOf(block, 104),
    size: (wide * 2 ** 32 + block.readUInt32LE(4)) * 2 ** (10 + Math.min(block.readUInt32LE(24), 6)),
  };
}

function xfs(source: ByteSource): ReturnType<Reader> {
  const block = peek(source, 0, 120);
  if (!hasText(block, 0, 'XFSB') || block.length < 120) return undefined;
  const size = number(block.readBigUInt64BE(8) * BigInt(block.readUInt32BE(4)));
  return { label: fieldText(block, 108, 12), uuid: uuidOf(block, 32), size };
}

function btrfs(source: ByteSource): ReturnType<Reader> {
  const block = peek(source, 65536, 0x22b);
  if (!hasText(block, 64, '_BHRfS_M') || block.length < 0x22b) return undefined;
  const label = fieldText(peek(source, 65536 + 0x12b, 256), 0, 256);
  return { label, uuid: uuidOf(block, 32), size: number(block.readBigUInt64LE(112)) };
}

function squashfs(source: ByteSource): ReturnType<Reader> {
  const block = peek(source, 0, 96);
  if (!hasText(block, 0, 'hsqs') || block.length < 96 || block.readUInt16LE(28) !== 4) return undefined;
  return { ...NOTHING, size: number(block.readBigUInt64LE(40)) };
}

function erofs(source: ByteSource): ReturnType<Reader> {
  const block = peek(source, 1024, 128);
  if (block.length < 128 || block.readUInt32LE(0) !== 0xe0f5e1e2) return undefined;
  const size = block.readUInt32LE(36) * 2 ** Math.min(block.readUInt8(12), 16);
  return { label: fieldText(block, 64, 16), uuid: uuidOf(block, 48), size };
}

function f2fs(source: ByteSource): ReturnType<Reader> {
  const block = peek(source, 1024, 128);
  if (block.length < 128 || block.readUInt32LE(0) !== 0xf2f52010) return undefined;
  return { ...NOTHING, uuid: uuidOf(block, 108) };
}

function hfsplus(source: ByteSource): ReturnType<Reader> {
  const block = peek(source, 1024, 48);
  const isHeader = hasText(block, 0, 'H+\0\x04') || hasText(block, 0, 'HX\0\x05');
  if (!isHeader || block.length < 48) return undefined;
  return { ...NOTHING, size: block.readUInt32BE(40) * block.readUInt32BE(44) };
}

function fat(source: ByteSource): ReturnType<Reader> {
  const sector = peek(source, 0, 512);
  const isJump = (sector[0] === 0xeb && sector[2] === 0x90) || sector[0] === 0xe9;
  if (sector.length < 512 || !isJump || sector.readUInt16LE(510) !== 0xaa55) return undefined;
  if (hasText(sector, 3, 'NTFS    ')) {
    const size = number(sector.readBigUInt64LE(40) * BigInt(sector.readUInt16LE(11)));
    return { ...NOTHING, type: 'ntfs', size };
  }
  if (hasText(sector, 3, 'EXFAT   ')) {
    return {
      ...NOTHING,
      type: 'exfat',
      size: number(sector.readBigUInt64LE(72) << BigInt(sector[108] ?? 9)),
    };
  }
  const [bytes, cluster] = [sector.readUInt16LE(11), sector.readUInt8(13)];
  const isPower = (value: number) => value > 0 && (value & (value - 1)) === 0;
  if (!isPower(bytes) || bytes < 512 || !isPower(cluster) || sector[16] === 0) return undefined;
  const wide = sector.readUInt16LE(22) === 0;
  const extended = wide ? 64 : 36;
  const marked = sector[extended + 2] === 0x29;
  const label = marked ? fieldText(sector, extended + 7, 11) : '';
  const id =
    sector
      .toString('hex', extended + 3, extended + 7)
      .match(/../g)
      ?.reverse()
      .join('') ?? '';
  return {
    label: label === 'NO NAME' ? '' : label,
    uuid: marked ? `${id.slice(0, 4)}-${id.slice(4)}` : undefined,
    size: (sector.readUInt16LE(19) || sector.readUInt32LE(32)) * bytes,
  };
}

function luks(source: ByteSource): ReturnType<Reader> {
  const head = peek(source, 0, 208);
  if (!startsWith(head, 0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe) || head.length < 208) return undefined;
  const version = head.readUInt16BE(6);
  if (version !== 1 && version !== 2) return undefined;
  const label = version === 2 ? fieldText(head, 24, 48) : '';
  return { type: version === 2 ? 'luks2' : 'luks1', label, uuid: fieldText(head, 168, 40), size: undefined };
}

/** Recognizes an LVM physical volume by its label, in one of the first four sectors. */
function lvm(source: ByteSource): ReturnType<Reader> {
  const head = peek(source, 0, 2048);
  for (let at = 0; at < 2048; at += 512) {
    if (hasText(head, at, 'LABELONE') && hasText(head, at + 24, 'LVM2 001')) return NOTHING;
  }
  return undefined;
}

/** Recognizes a RAID member by its superblock: version 1.1 in front, 1.2 after 4 KiB, 1.0 and 0.90 at the end. */
function raid(source: ByteSource): ReturnType<Reader> {
  const { size } = source;
  const end10 = Math.floor((Math.floor(size / 512) - 16) / 8) * 8;
  const end09 = Math.floor(size / 65536) * 65536 - 65536;
  const isMember = [0, 4096, end10 * 512, end09].some((at) =>
    startsWith(peek(source, at, 4), 0xfc, 0x4e, 0x2b, 0xa9),
  );
  return isMember ? NOTHING : undefined;
}

function swap(source: ByteSource): ReturnType<Reader> {
  for (const page of [4096, 65536]) {
    const mark = peek(source, page - 10, 10);
    if (!hasText(mark, 0, 'SWAPSPACE2') && !hasText(mark, 0, 'SWAP-SPACE')) continue;
    const head = peek(source, 1024, 44);
    return {
      label: fieldText(head, 28, 16),
      uuid: uuidOf(head, 12),
      size: (head.readUInt32LE(4) + 1) * page,
    };
  }
  return undefined;
}

/** Reads a volume descriptor of ISO 9660, or of UDF, in the sectors from 32 KiB on. */
function optical(source: ByteSource): ReturnType<Reader> {
  const first = peek(source, 32768, 2048);
  if (hasText(first, 1, 'CD001') && first.length === 2048) {
    return { label: fieldText(first, 40, 32), uuid: undefined, size: first.readUInt32LE(80) * 2048 };
  }
  for (let at = 32768; at < 32768 + 16 * 2048; at += 2048) {
    const descriptor = peek(source, at, 6);
    if (hasText(descriptor, 1, 'NSR02') || hasText(descriptor, 1, 'NSR03'))
      return { ...NOTHING, type: 'udf' };
  }
  return undefined;
}

/** Recognizes a hash area of dm-verity that stands alone, its superblock in front. */
function verity(source: ByteSource): ReturnType<Reader> {
  const head = peek(source, 0, 512);
  if (!hasText(head, 0, 'verity\0\0') || head.length < 512) return undefined;
  const found = findVerity(source);
  return { label: '', uuid: uuidOf(head, 16), size: found && planVerity(found).size };
}

/** In the order in which they are looked for: what wraps others before what may be left from an earlier format. */
const READERS: readonly (readonly [FileSystemType, Reader])[] = [
  ['luks1', luks],
  ['lvm2', lvm],
  ['md-raid', raid],
  ['dm-verity', verity],
  ['squashfs', squashfs],
  ['xfs', xfs],
  ['erofs', erofs],
  ['f2fs', f2fs],
  ['ext2', ext],
  ['hfsplus', hfsplus],
  ['btrfs', btrfs],
  ['swap', swap],
  ['iso9660', optical],
  ['fat', fat],
];

/** Recognises a file system, or what stands in its place; undefined for what is none that is known here. */
export function findFileSystem(source: ByteSource): FileSystem | undefined {
  for (const [type, read] of READERS) {
    const found = read(source);
    if (found) return { ...found, type: found.type ?? type, verity: verityBehind(source, found.size) };
  }
  return undefined;
}
