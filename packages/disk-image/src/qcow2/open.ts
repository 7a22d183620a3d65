// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertInside, type ByteSource, readBytes, WORTH_ANOTHER_THREAD } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { createCache } from './cache.js';
import { type Cluster, decodeCluster, decodeTable } from './cluster.js';
import { type Header, readHeader } from './header.js';

/** The virtual disk in a qcow2 file. */
export interface Qcow2Disk extends ByteSource {
  readonly version: 2 | 3;
  /** Bytes in a cluster. */
  readonly clusterSize: number;
}

/** Memory for L2 tables, in bytes; two are always kept. */
const TABLE_CACHE = 4 << 20;
/** Inflated clusters that are kept. */
const INFLATED = 4;

type Data = Extract<Cluster, { readonly kind: 'data' | 'zero' }>;

/**
 * Opens the active disk of a qcow2 file, version 2 or 3: clusters that are standard, zero, absent or
 * compressed by deflate. Internal snapshots are passed over. Memory is bounded whatever the disk's size.
 *
 * @throws ImageError `bad-magic`, `truncated`; `unsupported` for a backing or external data file,
 *   encryption, extended L2 entries, unknown features; `corrupt` for a dirty or corrupt file, and for
 *   tables that contradict the format. Reading throws these too, since tables are looked at when needed, and
 *   `unsupported` for a cluster compressed with zstd.
 */
export function openQcow2(source: ByteSource): Qcow2Disk {
  const header = readHeader(source);
  const { clusterSize, virtualSize } = header;
  const lookUp = createLookUp(source, header);
  const inflated = createCache(INFLATED, (index) => inflate(source, lookUp(index), header));

  /** Returns how many bytes from one of a data cluster on lie in the file as they do in the disk, `wanted` at most. */
  const runLength = (index: number, cluster: Data, within: number, wanted: number): number => {
    let length = clusterSize - within;
    for (let next = index + 1; length < wanted; next++) {
      const following = lookUp(next);
      if (following.kind !== 'data' || following.offset !== cluster.offset + within + length) break;
      length += clusterSize;
    }
    return Math.min(length, wanted);
  };
  /** Returns where in the file the bytes lie that fill `part`, `within` a data cluster and those that follow it there. */
  const placeOf = (part: Uint8Array, cluster: Data, within: number): number => {
    const start = cluster.offset + within;
    if (start + part.length > source.size) {
      // Each begins inside the file, so it is the last of them.
      const last = cluster.offset + Math.floor((within + part.length - 1) / clusterSize) * clusterSize;
      throw new ImageError('truncated', `cluster at byte ${last} passes the end of the file`);
    }
    return start;
  };
  /** Fills what is not stored as it is, and gives the parts that are, with where the file has them. */
  function* storedParts(into: Uint8Array, offset: number): Generator<{ part: Uint8Array; start: number }> {
    assertInside(virtualSize, offset, into.length, 'qcow2 disk');
    for (let done = 0; done < into.length; ) {
      const within = (offset + done) % clusterSize;
      const left = into.length - done;
      const index = Math.floor((offset + done) / clusterSize);
      const cluster = lookUp(index);
      const length =
        cluster.kind === 'data'
          ? runLength(index, cluster, within, left)
          : Math.min(clusterSize - within, left);
      const part = into.subarray(done, done + length);
      if (cluster.kind === 'data') yield { part, start: placeOf(part, cluster, within) };
      else if (cluster.kind === 'compressed') part.set(inflated(index).subarray(within, within + length));
      else part.fill(0);
      done += length;
    }
  }
  return {
    size: virtualSize,
    version: header.version,
    clusterSize,
    readInto(into, offset) {
      for (const { part, start } of storedParts(into, offset)) source.readInto(part, start);
    },
    ...(source.read !== undefined && {
      async read(into, offset) {
        for (const { part, start } of storedParts(into, offset)) {
          if (part.length < WORTH_ANOTHER_THREAD) source.readInto(part, start);
          else await source.read?.(part, start);
        }
      },
    }),
  };
}

/** Finds what a guest cluster is, through the L1 table and a cache of L2 tables. */
function createLookUp(source: ByteSource, header: Header): (index: number) => Cluster {
  const { clusterSize, l1Table } = header;
  const entries = clusterSize / 8;
  const table = createCache(Math.max(2, TABLE_CACHE / clusterSize), (index) => {
    const entry = readStructure(source, l1Table + index * 8, 8, 'L1 entry').getBigUint64(0);
    const { offset } = decodeTable(entry, header, source.size);
    return offset === 0 ? null : readStructure(source, offset, clusterSize, 'L2 table');
  });
  return (index) => {
    const entry = table(Math.floor(index / entries))?.getBigUint64((index % entries) * 8) ?? 0n;
    return decodeCluster(entry, header, source.size);
  };
}

function inflate(source: ByteSource, cluster: Cluster, header: Header): Uint8Array {
  const { clusterSize, features } = header;
  if (cluster.kind !== 'compressed') return new Uint8Array(clusterSize);
  const stored = readBytes(source, cluster.offset, cluster.size);
  const where = `compressed cluster at byte ${cluster.offset}`;
  if (features.compression !== 'zlib') {
    throw new ImageError(
      'unsupported',
      `${where}: packed with ${features.compression}, which is not read here`,
      {
        fix: 'convert it with qemu-img convert -O qcow2 -o compression_type=zlib',
      },
    );
  }
  const { inflateRawSync } = requireZlib(where);
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(stored, { maxOutputLength: clusterSize });
  } catch (cause) {
    throw new ImageError('corrupt', `${where} cannot be inflated to ${clusterSize} bytes`, { cause });
  }
  if (bytes.length !== clusterSize) {
    throw new ImageError('corrupt', `${where} inflates to ${bytes.length} bytes, not ${clusterSize}`);
  }
  return bytes;
}

/** Returns Node's zlib without an import of it, which a bundle for a browser could not have: only packed clusters need it. */
function requireZlib(where: string) {
  const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (zlib !== undefined) return zlib;
  throw new ImageError('unsupported', `${where}: is unpacked by Node alone`, {
    fix: 'convert it with qemu-img convert -O qcow2, which packs nothing',
  });
}
