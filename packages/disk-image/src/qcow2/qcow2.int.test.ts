// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { ImageError } from '../error.js';
import { fileSource } from '../layout/file.js';
import { createLayout, layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';
import { examine, inFolder, output, writeImage } from '../testing/run.js';
import { checkQcow2, describeQcow2, encodeQcow2, openQcow2 } from './index.js';

const MIB = 2 ** 20;

/** Makes bytes that deflate makes smaller, but not to almost nothing. */
const pattern = (length: number, seed: number) =>
  new Uint8Array(length).map((_, index) => (index * seed + (index >> 7) * 31) >> 3);

const disk = createLayout(9 * MIB + 512, [
  { offset: 0, source: bytesSource(pattern(70_000, 3)) },
  { offset: 3 * MIB + 1, source: bytesSource(pattern(200_000, 5)) },
  { offset: 9 * MIB, source: bytesSource(pattern(512, 7)) },
]);

function withFile<T>(path: string, use: (file: ByteSource) => T): T {
  const fd = openSync(path, 'r');
  try {
    return use(fileSource(fd, fstatSync(fd).size));
  } finally {
    closeSync(fd);
  }
}

describe('files written here, before qemu-img', () => {
  const disks = {
    small: disk,
    empty: createLayout(0, []),
    zeros: createLayout(5 * MIB, []),
    'sparse 64 GiB': createLayout(64 * 1024 * MIB, [
      { offset: 40_000 * MIB + 77, source: bytesSource(pattern(3 * MIB, 3)) },
      { offset: 64 * 1024 * MIB - 1, source: bytesSource(Uint8Array.of(1)) },
    ]),
  };
  for (const [name, layout] of Object.entries(disks)) {
    itWith(['qemu-img'], `qemu-img finds no fault in ${name}, and the same disk as in the raw image`, () => {
      inFolder((folder) => {
        const raw = writeImage(join(folder, 'disk.raw'), layout);
        const file = writeImage(join(folder, 'disk.qcow2'), encodeQcow2(layout));
        expect(examine('qemu-img', 'check', '-f', 'qcow2', file)).toMatchObject({
          code: 0,
          said: expect.stringContaining('No errors were found on the image.'),
        });
        if (layout.size > 0) {
          expect(examine('qemu-img', 'compare', '-f', 'raw', '-F', 'qcow2', raw, file)).toEqual({
            code: 0,
            said: 'Images are identical.\n',
          });
        }
      });
    });
  }
});

describe('files of qemu-img', () => {
  const kinds: Record<string, string[]> = {
    plain: [],
    compressed: ['-c'],
    'of version 2': ['-o', 'compat=0.10'],
    'compressed, of version 2': ['-c', '-o', 'compat=0.10'],
    'with clusters of 512 bytes': ['-o', 'cluster_size=512'],
    'with clusters of 2 MiB': ['-o', 'cluster_size=2M'],
    'compressed in 2 MiB': ['-c', '-o', 'cluster_size=2M'],
    'with one-bit refcounts': ['-o', 'refcount_bits=1'],
    'with 64-bit refcounts': ['-o', 'refcount_bits=64'],
    'with everything allocated': ['-o', 'preallocation=metadata'],
  };
  for (const [kind, options] of Object.entries(kinds)) {
    itWith(['qemu-img'], `files of qemu-img are read as the disk they hold: ${kind}`, () => {
      inFolder((folder) => {
        const raw = writeImage(join(folder, 'disk.raw'), disk);
        const file = join(folder, 'disk.qcow2');
        output('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', ...options, raw, file);
        withFile(file, (source) => {
          const opened = openQcow2(source);
          const expected = readBytes(layoutSource(disk), 0, disk.size);
          expect(opened.size).toBe(disk.size);
          expect(Buffer.compare(readBytes(opened, 0, disk.size), expected)).toBe(0);
          expect(checkQcow2(source)).toMatchObject({ leaks: 0, errors: 0 });
        });
      });
    });
  }

  itWith(['qemu-img'], 'files of qemu-img that need what is not read here are refused by name', () => {
    inFolder((folder) => {
      const base = writeImage(join(folder, 'base.raw'), disk);
      const refused = (...options: string[]) => {
        const file = join(folder, 'other.qcow2');
        output('qemu-img', 'create', '-q', '-f', 'qcow2', ...options, file, '9M');
        return () => withFile(file, openQcow2);
      };
      expect(refused('-b', base, '-F', 'raw')).toThrow(/backing file/);
      expect(refused('-o', 'extended_l2=on')).toThrow(/extended/);
      expect(refused('-o', `data_file=${join(folder, 'data.raw')}`)).toThrow(/external file/);
    });
  });

  itWith(['qemu-img'], 'the description lists the features of files of qemu-img', () => {
    inFolder((folder) => {
      const base = writeImage(join(folder, 'base.raw'), disk);
      const data = join(folder, 'data.raw');
      const facts = (...options: string[]) => {
        const file = join(folder, 'facts.qcow2');
        output('qemu-img', 'create', '-q', '-f', 'qcow2', ...options, file, '9M');
        return withFile(file, describeQcow2);
      };
      expect(facts('-b', base, '-F', 'raw')).toMatchObject({
        version: 3,
        virtualSize: 9 * MIB,
        features: { backingFile: base, backingFormat: 'raw', compression: 'zlib', externalData: false },
        snapshots: [],
      });
      const kept = join(folder, 'kept.qcow2');
      output('qemu-img', 'create', '-q', '-f', 'qcow2', kept, '9M');
      for (const name of ['first one', 'other']) output('qemu-img', 'snapshot', '-c', name, kept);
      expect(withFile(kept, describeQcow2).snapshots).toEqual([
        { id: '1', name: 'first one' },
        { id: '2', name: 'other' },
      ]);
      expect(facts('-o', 'compat=0.10', '-b', base, '-F', 'raw')).toMatchObject({
        version: 2,
        features: { backingFile: base, backingFormat: 'raw' },
      });
      expect(facts('-o', 'compression_type=zstd').features.compression).toBe('zstd');
      expect(facts('-o', 'extended_l2=on').features.extendedL2).toBe(true);
      expect(facts('-o', `data_file=${data}`).features).toMatchObject({ externalData: true, dataFile: data });
    });
  });

  itWith(['qemu-img'], 'packed with zstd are checked, and said to be unread', () => {
    inFolder((folder) => {
      const raw = writeImage(join(folder, 'disk.raw'), disk);
      const file = join(folder, 'zstd.qcow2');
      output('qemu-img', 'convert', '-c', '-O', 'qcow2', '-o', 'compression_type=zstd', raw, file);
      withFile(file, (source) => {
        const check = checkQcow2(source);
        expect(check).toMatchObject({ leaks: 0, errors: 0 });
        expect(check.unreadClusters).toBeGreaterThan(0);
        expect(() => readBytes(openQcow2(source), 0, 10)).toThrow(/zstd/);
      });
    });
  });

  const faults: [string, (header: Buffer) => void][] = [
    ['a snapshot table off its cluster', (header) => header.writeUInt8(2, 70)],
    ['a header extension that is too long', (header) => header.writeUInt32BE(70_000, 116)],
    ['no refcount table', (header) => header.writeUInt32BE(0, 56)],
    ['a refcount table of more than 8 MiB', (header) => header.writeUInt32BE(256, 56)],
    ['too few L1 entries', (header) => header.writeUInt32BE(0, 36)],
    ['an L1 table off its cluster', (header) => header.writeUInt8(2, 46)],
    ['zstd without its feature bit', (header) => header.writeUInt8(1, 104)],
  ];
  for (const [fault, damage] of faults) {
    itWith(['qemu-img'], `files that QEMU cannot open are refused: ${fault}`, () => {
      inFolder((folder) => {
        const file = writeImage(join(folder, 'disk.qcow2'), encodeQcow2(disk));
        const bytes = readFileSync(file);
        damage(bytes);
        writeFileSync(file, bytes);
        expect(examine('qemu-img', 'check', '-f', 'qcow2', file).code).not.toBe(0);
        expect(() => withFile(file, checkQcow2)).toThrow(ImageError);
      });
    });
  }
});
