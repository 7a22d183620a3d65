// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure, viewOf } from '../layout/view.js';
import { readExtensions, readName } from './extensions.js';
import { assertSelfContained, NO_FEATURES, type Qcow2Features } from './features.js';
import { MAGIC, MAX_L1_ENTRIES, MAX_REFCOUNT_TABLE, MAX_SNAPSHOTS } from './format.js';

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
  readonly snapshotTable: number;
  readonly features: Qcow2Features;
}

/** Length of a version 2 header, of a version 3 header at least, and with the compression type field. */
const LENGTH_2 = 72;
const LENGTH_3 = 104;
const HEADER_LENGTH = 112;

/** Makes a version 3 header without features or backing file, and the end mark of its empty extension list. */
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
 * Reads the header, and refuses a file that cannot be read by itself.
 * @throws ImageError as {@link parseHeader}, {@link assertSelfContained} and {@link checkTables}
 */
export function readHeader(source: ByteSource): Header {
  const header = parseHeader(source);
  assertSelfContained(header.features);
  checkTables(header, source.size);
  return header;
}

/**
 * Reads a header and what it says of itself. Where its tables lie is not yet held against the file.
 * @throws ImageError `bad-magic`, `truncated`, `corrupt`, or `unsupported` for another version
 */
export function parseHeader(source: ByteSource): Header {
  if (readStructure(source, 0, 4, 'qcow2 magic').getUint32(0) !== MAGIC) {
    throw new ImageError('bad-magic', 'no qcow2 file: it does not begin with "QFI" and 0xfb');
  }
  const version = readStructure(source, 4, 4, 'qcow2 version').getUint32(0);
  if (version !== 2 && version !== 3) throw new ImageError('unsupported', `qcow2 version ${version}`);
  const view = readStructure(source, 0, version === 2 ? LENGTH_2 : LENGTH_3, 'qcow2 header');
  const clusterBits = view.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21)
    throw corrupt(`clusters of 2^${clusterBits} bytes, not 2^9 to 2^21`);
  const clusterSize = 1 << clusterBits;
  const length = version === 2 ? LENGTH_2 : view.getUint32(100);
  if (version === 3 && (length < LENGTH_3 || length % 8 !== 0 || length > clusterSize)) {
    throw corrupt(`a length of ${length} bytes`);
  }
  const refcountOrder = version === 2 ? 4 : view.getUint32(96);
  if (refcountOrder > 6) throw corrupt(`reference counts of 2^${refcountOrder} bits`);
  return {
    version,
    clusterBits,
    clusterSize,
    virtualSize: Number(view.getBigUint64(24)),
    l1Entries: view.getUint32(36),
    l1Table: Number(view.getBigUint64(40)),
    refcountTable: Number(view.getBigUint64(48)),
    refcountTableClusters: view.getUint32(56),
    refcountOrder,
    snapshots: view.getUint32(60),
    snapshotTable: Number(view.getBigUint64(64)),
    features: {
      ...NO_FEATURES,
      ...readNames(source, view, length, clusterSize),
      ...(version === 3 ? readFeatures(source, view, length) : {}),
      encryption: ENCRYPTION[view.getUint32(32)] ?? 'unknown',
    },
  };
}

const ENCRYPTION = ['none', 'aes', 'luks'] as const;
const COMPRESSION = ['zlib', 'zstd'] as const;
/** Bits of autoclear features. */
const BITMAPS = 1n;
const RAW_DATA = 2n;
/** Bits of incompatible features. */
const BIT = { dirty: 1n, corrupt: 2n, externalData: 4n, compression: 8n, extendedL2: 16n, all: 31n } as const;

const corrupt = (message: string) => new ImageError('corrupt', `qcow2 header: ${message}`);

/** Longest name of a backing file. */
const MAX_NAME = 1023;

/** Reads the names in the rest of the first cluster: the header extensions, then the backing file. */
function readNames(source: ByteSource, view: DataView, length: number, clusterSize: number) {
  const at = Number(view.getBigUint64(8));
  const nameLength = view.getUint32(16);
  if (at > clusterSize || (at > 0 && nameLength > Math.min(MAX_NAME, clusterSize - at))) {
    throw corrupt(`the name of a backing file, ${nameLength} bytes at byte ${at}`);
  }
  const extensions = readExtensions(source, length, at === 0 ? clusterSize : at);
  if (at === 0) return extensions;
  return { ...extensions, backingFile: readName(source, at, nameLength, 'qcow2 backing file name') };
}

function readFeatures(source: ByteSource, view: DataView, length: number): Partial<Qcow2Features> {
  const bits = view.getBigUint64(72);
  const has = (bit: bigint) => (bits & bit) !== 0n;
  const type = length > LENGTH_3 ? readStructure(source, LENGTH_3, 1, 'qcow2 header').getUint8(0) : 0;
  if (has(BIT.compression) !== (type !== 0)) {
    throw corrupt(
      `compression type ${type}, where the features say ${has(BIT.compression) ? 'another' : '0'}`,
    );
  }
  const autoclear = view.getBigUint64(88);
  if ((autoclear & RAW_DATA) !== 0n && !has(BIT.externalData)) {
    throw corrupt('an external data file that is raw, and no external data file');
  }
  return {
    dirty: has(BIT.dirty),
    corrupt: has(BIT.corrupt),
    externalData: has(BIT.externalData),
    extendedL2: has(BIT.extendedL2),
    compression: COMPRESSION[type] ?? 'unknown',
    unknownFeatures: bits & ~BIT.all,
    bitmaps: (autoclear & BITMAPS) !== 0n,
  };
}

/**
 * Holds the places of all tables against the file, and against the limits of QEMU, which could not open it.
 * @throws ImageError `corrupt`, `truncated` or `unsupported`
 */
export function checkTables(header: Header, fileSize: number): void {
  const { clusterSize, virtualSize, l1Entries, snapshots } = header;
  const refcountTableSize = header.refcountTableClusters * clusterSize;
  if (
    !Number.isSafeInteger(virtualSize) ||
    l1Entries > MAX_L1_ENTRIES ||
    refcountTableSize > MAX_REFCOUNT_TABLE ||
    snapshots > MAX_SNAPSHOTS
  ) {
    throw new ImageError(
      'unsupported',
      `a virtual disk of ${virtualSize} bytes with ${l1Entries} L1 entries, a refcount table of ${refcountTableSize} bytes and ${snapshots} snapshots`,
    );
  }
  if (l1Entries < Math.ceil(virtualSize / clusterSize / (clusterSize / 8))) {
    throw corrupt(`${l1Entries} L1 entries for ${virtualSize} bytes`);
  }
  if (refcountTableSize === 0) throw corrupt('no refcount table');
  const check = (what: string, offset: number, size: number) => {
    if (offset >= OFF_LIMIT || offset % clusterSize !== 0 || (offset === 0 && size > 0)) {
      throw new ImageError('corrupt', `${what} at byte ${offset}, which begins no cluster of its own`);
    }
    // A table that is not there lies nowhere, but QEMU wants its place to be one.
    if (offset + size > fileSize && size > 0) {
      throw new ImageError('truncated', `${what} ends at ${offset + size}, the file at ${fileSize}`);
    }
  };
  check('L1 table', header.l1Table, l1Entries * 8);
  check('refcount table', header.refcountTable, refcountTableSize);
  check('snapshot table', header.snapshotTable, snapshots * SNAPSHOT_ENTRY);
}

/** QEMU takes places for signed numbers of 64 bits. */
const OFF_LIMIT = 2 ** 63;
/** Bytes of an entry of the snapshot table without its names. */
const SNAPSHOT_ENTRY = 40;
