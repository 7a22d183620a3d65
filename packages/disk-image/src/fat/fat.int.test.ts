// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { createGptDisk, GPT_TYPE, partitionSource, readGpt, UUID_NAMESPACE, uuidV5 } from '../gpt/index.js';
import { fileSource } from '../layout/file.js';
import { layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource } from '../layout/source.js';
import { tolerate } from '../testing/damage.js';
import { optionsFor, readTree, SAMPLE, SHAPES, sorted, type Tree } from '../testing/fat-sample.js';
import { examine, inFolder, output, writeImage } from '../testing/run.js';
import { checkFat, createFat, openFat } from './index.js';

/** Reads everything under a folder of this machine. */
function readFolder(folder: string): Tree {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(folder, path))]));
}

function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  const fd = openSync(path, 'r');
  try {
    return use(fileSource(fd, statSync(path).size));
  } finally {
    closeSync(fd);
  }
}

const MANY: Tree = new Map([
  ...SAMPLE,
  ...Array.from({ length: 120 }, (_, index): [string, Uint8Array] => [
    `many/A file with a long name ${index}.data`,
    Buffer.from(`content ${index}`),
  ]),
]);

describe('FAT against dosfstools and mtools', () => {
  const shapes = [...SHAPES, { size: 64 << 20 }, { size: (8 << 20) + 1024 }, { size: 2 ** 36 }];
  for (const shape of shapes) {
    itWith(
      ['fsck.vfat', 'mcopy', 'mdir', 'mtype'],
      `dosfstools and mtools find no fault in ${JSON.stringify(shape)} and read the same files`,
      () => {
        inFolder((folder) => {
          const options = optionsFor(MANY, {
            ...shape,
            label: 'LATTICRA',
            hiddenSectors: 2048,
            folders: ['empty'],
          });
          const { layout, files } = createFat(options);
          const path = writeImage(join(folder, 'volume.img'), layout);
          const verdict = examine('fsck.vfat', '-n', '-v', path);
          expect(verdict.code, verdict.said).toBe(0);
          expect(verdict.said).not.toMatch(/differ|wrong|error|invalid|reclaim|warning|dirty|orphan/i);
          expect(verdict.said).toContain('2048 hidden sectors');

          const out = join(folder, 'out');
          mkdirSync(out);
          output('mcopy', '-s', '-n', '-i', path, '::*', out);
          expect(sorted(readFolder(out))).toEqual(sorted(MANY));
          expect(output('mtype', '-i', path, '::efi/boot/GRUB.CFG').toString()).toBe('menu');
          const listing = output('mdir', '-i', path, '::EFI/BOOT').toString();
          expect(listing).toMatch(/^BOOTX64 {2}EFI {6}5000 2023-11-14 {2}22:13 *$/m);
          expect(listing).toMatch(/^grub {5}cfg /m);
          expect(listing).toContain('Volume in drive : is LATTICRA');
          expect(listing).toContain('Volume Serial Number is 1A77-1CA0');

          withFile(path, (source) => {
            expect(sorted(readTree(openFat(source)))).toEqual(sorted(MANY));
            for (const placed of files) {
              const bytes = Buffer.alloc(placed.size);
              source.readInto(bytes, placed.offset);
              expect(bytes.equals(Buffer.from(MANY.get(placed.path) ?? []))).toBe(true);
            }
          });
        });
      },
    );
  }

  for (const type of ['12', '16', '32']) {
    itWith(['mkfs.fat', 'mcopy', 'mmd', 'mdel'], `FAT${type} volumes of others are read`, () => {
      inFolder((folder) => {
        const size = type === '12' ? 2 << 20 : 40 << 20;
        const path = writeImage(join(folder, 'volume.img'), { size, extents: [] });
        // Larger sectors where the type allows them in this size.
        output(
          'mkfs.fat',
          '-F',
          type,
          '-n',
          'OTHERS',
          ...(type === '12' ? ['-S', '2048'] : ['-s', type === '16' ? '2' : '1']),
          path,
        );
        const file = join(folder, 'Some file with a längthy name.text');
        const content = Buffer.alloc(70_001, 'content');
        writeImage(file, { size: content.length, extents: [{ offset: 0, source: bytesSource(content) }] });
        output('mmd', '-i', path, '::folder', '::folder/Inner Folder');
        for (const name of ['ONE.TXT', 'Gone with the wind', 'two.txt']) {
          output('mcopy', '-i', path, file, `::folder/Inner Folder/${name}`);
        }
        output('mdel', '-i', path, '::folder/Inner Folder/Gone with the wind');
        output('mcopy', '-i', path, file, '::');
        withFile(path, (source) => {
          const reader = openFat(source);
          expect(reader).toMatchObject({ type: Number(type), label: 'OTHERS', files: 3, folders: 2 });
          expect([...readTree(reader).keys()].sort()).toEqual([
            'Some file with a längthy name.text',
            'folder/Inner Folder/ONE.TXT',
            'folder/Inner Folder/two.txt',
          ]);
          for (const bytes of readTree(reader).values()) expect(content.equals(bytes)).toBe(true);
        });
      });
    });
  }

  itWith(
    ['sgdisk', 'fsck.vfat', 'mdir'],
    'a 64 GiB GPT disk full of FAT32 is written and checked in small pieces',
    () => {
      inFolder((folder) => {
        const disk = 2 ** 36;
        const size = disk - (2 << 20);
        const volume = createFat(optionsFor(MANY, { size, type: 32, hiddenSectors: 2048 }));
        const guid = (name: string) => uuidV5(UUID_NAMESPACE.dns, name);
        const layout = createGptDisk({
          size: disk,
          diskGuid: guid('disk'),
          partitions: [{ typeGuid: GPT_TYPE.efiSystem, uniqueGuid: guid('esp'), content: volume.layout }],
        });
        let largest = 0;
        let total = 0;
        const counting = (source: ByteSource): ByteSource => ({
          size: source.size,
          readInto(into, offset) {
            largest = Math.max(largest, into.length);
            total += into.length;
            source.readInto(into, offset);
          },
        });
        const path = writeImage(join(folder, 'disk.raw'), layout);
        expect(statSync(path).blocks * 512).toBeLessThan(2 << 20);
        expect(examine('sgdisk', '-v', path).said).toContain('No problems found.');
        expect(output('mdir', '-i', `${path}@@1M`, '::EFI/BOOT').toString()).toContain(
          'BOOTX64  EFI      5000',
        );
        const check = (disk: ByteSource) => {
          const [partition] = readGpt(disk).partitions;
          expect(partition?.sectors).toBe(size / 512);
          if (partition) expect(checkFat(partitionSource(disk, partition)).files).toBe(MANY.size);
        };
        withFile(path, (source) => check(counting(source)));
        check(counting(layoutSource(layout)));
        // The tables, twice each, and little else; never the volume.
        expect(largest).toBeLessThanOrEqual(1 << 18);
        expect(total).toBeLessThan(128 << 20);
      });
    },
  );

  const unusual: [string, string, string[]][] = [
    ['three copies of the table', '10M', ['-F', '16', '-f', '3']],
    ['one copy of the table', '10M', ['-F', '16', '-f', '1']],
    ['clusters of 64 KiB', '300M', ['-F', '16', '-s', '128']],
    ['clusters of 8 KiB in sectors of 4 KiB', '60M', ['-F', '16', '-S', '4096', '-s', '2']],
  ];
  for (const [name, size, options] of unusual) {
    itWith(['mkfs.fat', 'mcopy', 'truncate'], `a volume with ${name} is read`, () => {
      inFolder((folder) => {
        const path = join(folder, 'volume.img');
        output('truncate', '-s', size, path);
        output('mkfs.fat', ...options, '-n', 'UNUSUAL', path);
        const file = join(folder, 'file.txt');
        writeImage(file, { size: 7, extents: [{ offset: 0, source: bytesSource(Buffer.from('content')) }] });
        output('mcopy', '-i', path, file, '::');
        withFile(path, (source) => {
          const reader = openFat(source);
          expect(reader.label).toBe('UNUSUAL');
          expect(sorted(readTree(reader))).toEqual(sorted(new Map([['file.txt', Buffer.from('content')]])));
        });
      });
    });
  }

  itWith(['mkfs.fat', 'fsck.vfat', 'truncate'], 'FAT32 with 16 bits of sectors is read', () => {
    inFolder((folder) => {
      const path = join(folder, 'volume.img');
      output('truncate', '-s', '5M', path);
      output('mkfs.fat', '-F', '32', '-s', '1', '-n', 'SMALL', path);
      expect(examine('fsck.vfat', '-n', path).code).toBe(0);
      withFile(path, (source) =>
        expect(openFat(source)).toMatchObject({ type: 32, label: 'SMALL', files: 0 }),
      );
    });
  });

  const faults: [string, string, number, number][] = [
    ['a label that differs between boot sector and root', '12', 43, 0x4d],
    ['a label in the root alone', '12', 0x600, 0xe5],
    ['a label of forbidden characters', '12', 0x601, 0x2a],
    ['a label with a first cluster', '12', 0x61a, 1],
    ['no backup boot sector', '32', 50, 0],
    ['another free count', '32', 512 + 488, 9],
  ];
  for (const [name, type, at, value] of faults) {
    itWith(['mkfs.fat', 'fsck.vfat', 'truncate'], `the check finds what fsck.vfat finds: ${name}`, () => {
      inFolder((folder) => {
        const path = join(folder, 'volume.img');
        output('truncate', '-s', type === '12' ? '256K' : '5M', path);
        output('mkfs.fat', '-F', type, '-s', '1', '-n', 'LABEL', path);
        expect(examine('fsck.vfat', '-n', path).code).toBe(0);
        withFile(path, (source) => expect(tolerate(() => checkFat(source))).toBeUndefined());
        const bytes = readFileSync(path);
        bytes[at] = value;
        writeFileSync(path, bytes);
        expect(examine('fsck.vfat', '-n', path).code).toBe(1);
        withFile(path, (source) => expect(tolerate(() => checkFat(source))?.code).toBe('corrupt'));
      });
    });
  }
});
