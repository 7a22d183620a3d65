// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure, viewOf } from '../layout/view.js';
import { MAGIC, MAX_L1_ENTRIES } from './format.js';

/** What the tables of a qcow2 file are; all places in bytes. */
export interface Tables {
  readonly clusterBits: number;
  readonly virtualSize: number;
  readonly l1Entries: number;
  readonly l1Table: number;
  readonly refcountTable: number;
  readonly refcountTableClusters: number;
}

/** The header of a file that was read. */
export interface Header extends Tables {
  readonly version: 2 | 3;
  readonly clusterSize: number;
  /** A reference count is `1 << refcountOrder` bits wide. */
  readonly refcountOrder: number;
  readonly snapshots: number;
  /** The file holds dirty bitmaps, which take clusters of their own. */
  readonly bitmaps: boolean;
}

/** Length of a version 3 header with the compression type field. */
const HEADER_LENGTH = 112;

/** A version 3 header without features or backing file, and the end mark of its empty extension list. */
export function encodeHeader(tables: Tables): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + 8);
  const view = viewOf(bytes);
  view.setUint32(0, MAGIC);
  view.setUint32(4, 3);
  view.setUint32(20, tables.clusterBits);
  view.setBigUint64(24, BigInt(tables.virtualSize));
  view.setUint32(36, tables.l1Entries);
  view.setBigUint64(40, BigInt(tables.l1Table));
  view.setBigUint64(48, BigInt(tables.refcountTable));
  view.setUint32(56, tables.refcountTableClusters);
  view.setUint32(96, 4); // refcount_order: 16 bits
  view.setUint32(100, HEADER_LENGTH);
  return bytes;
}

/**
 * Reads and checks a header: the tables it names lie in the file, on cluster boundaries.
 * @throws ImageError `bad-magic`, `truncated`, `corrupt` or `unsupported`
 */
export function readHeader(source: ByteSource): Header {
  if (readStructure(source, 0, 4, 'qcow2 magic').getUint32(0) !== MAGIC) {
    throw new ImageError('bad-magic', 'no qcow2 file: it does not begin with "QFI" and 0xfb');
  }
  const version = readStructure(source, 4, 4, 'qcow2 version').getUint32(0);
  if (version !== 2 && version !== 3) throw new ImageError('unsupported', `qcow2 version ${version}`);
  const view = readStructure(source, 0, version === 2 ? 72 : 104, 'qcow2 header');

  const clusterBits = view.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21) {
    throw new ImageError('corrupt', `qcow2 header: clusters of 2^${clusterBits} bytes, not 2^9 to 2^21`);
  }
  const clusterSize = 1 << clusterBits;
  if (view.getBigUint64(8) !== 0n || view.getUint32(16) !== 0) {
    throw new ImageError('unsupported', 'the qcow2 file needs a backing file, which is another image', {
      fix: 'make it self-contained with qemu-img convert',
    });
  }
  if (view.getUint32(32) !== 0) throw new ImageError('unsupported', 'the qcow2 file is encrypted');
  if (version === 3) checkVersion3(source, view, clusterSize);
  const header: Header = {
    version,
    clusterBits,
    clusterSize,
    virtualSize: Number(view.getBigUint64(24)),
    l1Entries: view.getUint32(36),
    l1Table: Number(view.getBigUint64(40)),
    refcountTable: Number(view.getBigUint64(48)),
    refcountTableClusters: view.getUint32(56),
    refcountOrder: version === 2 ? 4 : view.getUint32(96),
    snapshots: view.getUint32(60),
    bitmaps: version === 3 && (view.getBigUint64(88) & 1n) !== 0n,
  };
  checkTables(header, source.size);
  return header;
}

/** Feature bits 0 to 4 of a version 3 header, in their order: [name, code, what to do]. */
const FEATURES = [
  ['the dirty bit is set: it was not closed', 'corrupt', 'repair it with qemu-img check -r all'],
  ['the corrupt bit is set', 'corrupt', 'repair it with qemu-img check -r all'],
  ['its data is in an external file', 'unsupported', 'make it self-contained with qemu-img convert'],
  ['', 'unsupported', ''], // another compression type: looked at by itself
  ['its L2 entries are extended (subclusters)', 'unsupported', 'convert it with qemu-img convert'],
] as const;

function checkVersion3(source: ByteSource, view: DataView, clusterSize: number): void {
  const length = view.getUint32(100);
  if (length < 104 || length % 8 !== 0 || length > clusterSize) {
    throw new ImageError('corrupt', `qcow2 header: a length of ${length} bytes`);
  }
  if (view.getUint32(96) > 6) {
    throw new ImageError('corrupt', `qcow2 header: reference counts of 2^${view.getUint32(96)} bits`);
  }
  const features = view.getBigUint64(72);
  FEATURES.forEach(([what, code, fix], bit) => {
    if (what !== '' && (features >> BigInt(bit)) & 1n) {
      throw new ImageError(code, `the qcow2 file cannot be read: ${what}`, { fix });
    }
  });
  if (features >> 5n) {
    const message = `the qcow2 file needs unknown features: 0x${features.toString(16)}`;
    throw new ImageError('unsupported', message);
  }
  const compression = length > 104 ? readStructure(source, 104, 1, 'qcow2 header').getUint8(0) : 0;
  if (compression !== 0) {
    const name = compression === 1 ? 'zstd' : `type ${compression}`;
    throw new ImageError('unsupported', `the qcow2 file is compressed with ${name}`, {
      fix: 'convert it with qemu-img convert -o compression_type=zlib',
    });
  }
}

function checkTables(header: Header, fileSize: number): void {
  const { clusterSize, virtualSize, l1Entries } = header;
  if (!Number.isSafeInteger(virtualSize) || l1Entries > MAX_L1_ENTRIES) {
    throw new ImageError(
      'unsupported',
      `a virtual disk of ${virtualSize} bytes with ${l1Entries} L1 entries`,
    );
  }
  if (l1Entries < Math.ceil(virtualSize / clusterSize / (clusterSize / 8))) {
    throw new ImageError('corrupt', `qcow2 header: ${l1Entries} L1 entries for ${virtualSize} bytes`);
  }
  if (header.refcountTableClusters === 0) throw new ImageError('corrupt', 'qcow2 header: no refcount table');
  const check = (what: string, offset: number, size: number) => {
    if (offset % clusterSize !== 0 || (offset === 0 && size > 0)) {
      throw new ImageError('corrupt', `${what} at byte ${offset}, which begins no cluster of its own`);
    }
    if (offset + size > fileSize) {
      throw new ImageError('truncated', `${what} ends at ${offset + size}, the file at ${fileSize}`);
    }
  };
  check('L1 table', header.l1Table, l1Entries * 8);
  check('refcount table', header.refcountTable, header.refcountTableClusters * clusterSize);
}
