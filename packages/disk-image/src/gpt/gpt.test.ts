// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes, sliceSource } from '../layout/source.js';
import { formatProtectiveMbr } from '../mbr/index.js';
import { patched, tolerate } from '../testing/damage.js';
import {
  createGptDisk,
  createGptTables,
  GPT_TYPE,
  type GptOptions,
  partitionSource,
  readGpt,
  UUID_NAMESPACE,
  uuidV5,
} from './index.js';

const guid = (name: string) => uuidV5(UUID_NAMESPACE.dns, name);
const partition = (name: string, size: number) => ({
  typeGuid: GPT_TYPE.efiSystem,
  uniqueGuid: guid(name),
  name,
  size,
});
const options: GptOptions = {
  size: 1 << 20,
  diskGuid: guid('disk'),
  alignment: 512,
  partitions: [partition('first', 5000), { ...partition('second', 70000), attributes: 4n }],
};
const refused = (code: string) => expect.objectContaining({ name: 'ImageError', code });

describe('GPT', () => {
  it('a GPT disk reads back as it was written', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 9 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        names,
        fc.uint8Array({ minLength: 1, maxLength: 3000 }),
        fc.bigInt(0n, 2n ** 64n - 1n),
        (all, bytes, attributes) => {
          const labels = all.filter((name) => name.length <= 36 && !/\p{Cc}/u.test(name));
          const content = bytesSource(bytes);
          const partitions = labels.map((name) => ({
            typeGuid: GPT_TYPE.biosBoot,
            uniqueGuid: guid(name),
            name,
            attributes,
            content,
          }));
          const disk = layoutSource(createGptDisk({ ...options, partitions }));
          const gpt = readGpt(disk);
          expect(gpt.diskGuid).toBe(guid('disk'));
          expect(gpt.partitions.map(({ name }) => name)).toEqual(labels);
          for (const found of gpt.partitions) {
            expect(found).toMatchObject({
              typeGuid: GPT_TYPE.biosBoot,
              uniqueGuid: guid(found.name),
              attributes,
            });
            expect(readBytes(partitionSource(disk, found), 0, bytes.length)).toEqual(bytes);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('places partitions at 1 MiB and one after the other unless told otherwise', () => {
    const { partitions } = createGptTables({ ...options, size: 8 << 20, alignment: 1 << 20 });
    expect(partitions.map(({ firstLba, sectors }) => [firstLba, sectors])).toEqual([
      [2048, 10],
      [4096, 137],
    ]);
  });

  it('the space between the tables is left to another writer when only the tables are asked for', () => {
    const { primary, backup } = createGptTables({ ...options, alignment: 2048, firstUsableLba: 64 });
    expect([primary.offset, primary.source.size]).toEqual([0, 34 * 512]);
    expect([backup.offset, backup.source.size]).toEqual([(2048 - 33) * 512, 33 * 512]);
  });

  it.each<[string, Partial<GptOptions>]>([
    ['out-of-range', { size: 1000 }],
    ['out-of-range', { size: 512 * 67 }],
    ['out-of-range', { alignment: 100 }],
    ['out-of-range', { firstUsableLba: 33 }],
    ['out-of-range', { partitions: [{ ...partition('a', 512), firstLba: 35 }], alignment: 1024 }],
    ['out-of-range', { partitions: [partition('a', 0)] }],
    ['out-of-range', { partitions: [{ ...partition('a', 512), attributes: -1n }] }],
    ['too-large', { partitions: [partition('a', 1 << 20)] }],
    ['too-large', { partitions: [{ ...partition('a', 512), firstLba: 2 }] }],
    ['too-large', { partitions: [{ ...partition('a', 512), content: bytesSource(new Uint8Array(513)) }] }],
    ['too-large', { partitions: Array.from({ length: 129 }, (_, index) => partition(`${index}`, 512)) }],
    ['overlap', { partitions: [partition('a', 512), partition('a', 512)] }],
    ['overlap', { partitions: [partition('a', 512), { ...partition('b', 512), firstLba: 34 }] }],
    ['bad-name', { partitions: [partition('x'.repeat(37), 512)] }],
    ['bad-name', { partitions: [partition('a\nb', 512)] }],
    ['bad-name', { partitions: [partition('\ud800', 512)] }],
    ['bad-name', { diskGuid: '123' }],
  ])('a disk is not written for options that are %s, case %#', (code, change) => {
    expect(() => createGptDisk({ ...options, ...change })).toThrow(refused(code));
  });

  it('every flipped byte of both tables is found', () => {
    const disk = layoutSource(createGptDisk(options));
    const bytes = readBytes(disk, 0, disk.size);
    /** Returns whether a byte counts: boot code, CHS addresses and what is left in unused records of the MBR do not. */
    const meaningful = (at: number) =>
      at >= 510 ||
      (at >= 446 && ![1, 2, 3, 5, 6, 7].includes((at - 446) % 16) && (at < 462 || (at - 446) % 16 < 8));
    for (const [first, end] of [
      [0, 34 * 512],
      [disk.size - 33 * 512, disk.size],
    ] as const) {
      // Every byte of the headers and used entries, every 61st of the unused ones.
      for (let at = first; at < end; at += at - first < 1400 || end - at < 600 ? 1 : 61) {
        const error = tolerate(() => readGpt(patched(disk, [[at, (bytes[at] ?? 0) ^ 0x11]])));
        if (meaningful(at)) expect(error, `byte ${at}`).toBeDefined();
      }
    }
  });

  it('a disk that ends early, at any length, is refused', () => {
    const disk = layoutSource(createGptDisk(options));
    for (let size = 0; size < disk.size; size += 509) {
      expect(tolerate(() => readGpt(sliceSource(disk, 0, size)))).toBeDefined();
    }
  });

  it('a damaged disk whose checksums fit the damage is read or refused, never believed', () => {
    const disk = layoutSource(createGptDisk(options));
    const original = Buffer.from(readBytes(disk, 0, disk.size));
    const last = disk.size - 512;
    const place = fc.oneof(fc.integer({ min: 20, max: 87 }), fc.integer({ min: 1024, max: 1024 + 3 * 128 }));
    const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 34, 128, 255));
    fc.assert(
      fc.property(fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(original);
        for (const [at, byte] of changes) {
          // Headers differ in where they are; from the usable sectors on, a change is made to both copies.
          if (at >= 1024) bytes[at] = bytes[last - 32 * 512 + at - 1024] = byte;
          else if (at >= 40 && (at < 72 || at >= 80)) bytes[512 + at] = bytes[last + at] = byte;
          else bytes[512 + at] = byte;
        }
        for (const [header, entries] of [
          [512, 1024],
          [last, last - 32 * 512],
        ] as const) {
          bytes.writeUInt32LE(crc32(bytes.subarray(entries, entries + 128 * 128)), header + 88);
          bytes.writeUInt32LE(0, header + 16);
          bytes.writeUInt32LE(crc32(bytes.subarray(header, header + 92)), header + 16);
        }
        tolerate(() => {
          const { partitions } = readGpt(bytesSource(bytes));
          const ordered = [...partitions].sort((a, b) => a.firstLba - b.firstLba);
          ordered.reduce((end, { firstLba, sectors }) => {
            expect(firstLba).toBeGreaterThanOrEqual(end);
            expect(sectors).toBeGreaterThan(0);
            return firstLba + sectors;
          }, 34);
          for (const found of partitions) partitionSource(bytesSource(bytes), found);
        });
      }),
      { numRuns: 500 },
    );
  });

  /** Makes the disk with a change to both headers, whose checksums are made to fit, and with patches of the MBR. */
  const changed = (change: (header: Buffer) => void, mbr: readonly (readonly [number, number])[] = []) => {
    const disk = layoutSource(createGptDisk(options));
    const bytes = Buffer.from(readBytes(disk, 0, disk.size));
    for (const [at, value] of mbr) bytes[at] = value;
    for (const at of [512, disk.size - 512]) {
      const header = bytes.subarray(at, at + 512);
      change(header);
      header.writeUInt32LE(0, 16);
      header.writeUInt32LE(crc32(header.subarray(0, Math.min(512, header.readUInt32LE(12)))), 16);
    }
    return bytesSource(bytes);
  };
  const names = (source: ByteSource) => readGpt(source).partitions.map(({ name }) => name);

  it('a header of any size that its sector holds is taken, and no other', () => {
    for (const size of [93, 128, 512]) {
      const larger = changed((header) => {
        header.writeUInt32LE(size, 12);
        header[92] = 7;
      });
      expect(names(larger)).toEqual(['first', 'second']);
    }
    for (const size of [91, 513]) {
      expect(() => readGpt(changed((header) => header.writeUInt32LE(size, 12)))).toThrow(refused('corrupt'));
    }
  });

  it('a protective record that covers 2 TiB of a smaller disk is taken', () => {
    const all = [458, 459, 460, 461].map((at) => [at, 0xff] as const);
    expect(names(changed(() => {}, all))).toEqual(['first', 'second']);
    expect(() => readGpt(changed(() => {}, [[458, 7]]))).toThrow(refused('corrupt'));
  });

  it('a hybrid MBR is taken, and what it shows is reported', () => {
    // A second record, of type 0Ch, for the sectors of the first partition.
    const record = [0, 0, 0, 0, 0x0c, 0, 0, 0, 34, 0, 0, 0, 10, 0, 0, 0];
    const hybrid = changed(
      () => {},
      record.map((value, index) => [462 + index, value] as const),
    );
    expect(names(hybrid)).toEqual(['first', 'second']);
    expect(readGpt(hybrid).hybrid).toMatchObject([{ number: 2, type: 0x0c, firstLba: 34, sectors: 10 }]);
    expect(readGpt(changed(() => {})).hybrid).toEqual([]);
  });

  it('a disk is no GPT disk where the MBR does not say so', () => {
    expect(() => readGpt(changed(() => {}, [[450, 0x83]]))).toThrow(refused('bad-magic'));
  });

  it('a disk with sectors of 4 KiB is not read, and the refusal says what it is', () => {
    const bytes = Buffer.alloc(1 << 16);
    bytes.set(formatProtectiveMbr({ diskSectors: 128 }));
    bytes.write('EFI PART', 4096);
    expect(() => readGpt(bytesSource(bytes))).toThrow(refused('unsupported'));
  });

  it('copies of the table that are each valid but differ are refused', () => {
    const one = layoutSource(createGptDisk(options));
    const other = layoutSource(createGptDisk({ ...options, diskGuid: guid('other') }));
    const mixed: ByteSource = {
      size: one.size,
      readInto: (into, offset) => (offset > one.size / 2 ? other : one).readInto(into, offset),
    };
    expect(() => readGpt(mixed)).toThrow('differ in diskGuid');
  });
});

describe('uuidV5', () => {
  it('the example of RFC 9562 appendix A.4 is reproduced', () => {
    expect(uuidV5(UUID_NAMESPACE.dns, 'www.example.com')).toBe('2ED6657D-E927-568B-95E1-2665A8AEA6A2');
  });
});
