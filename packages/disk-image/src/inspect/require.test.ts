// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../error.js';
import { createFat } from '../fat/index.js';
import { openFiles } from '../files/index.js';
import { createLayout, layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, sliceSource } from '../layout/source.js';
import { formatMbr, formatProtectiveMbr } from '../mbr/index.js';
import { encodeQcow2 } from '../qcow2/index.js';
import { patched } from '../testing/damage.js';
import { bzImage, cpio, elf, pe, tar } from '../testing/files.js';
import { buildIso } from '../testing/iso.js';
import {
  type Inspection,
  inspect,
  requireDisk,
  requireInitramfs,
  requireIso,
  requireKernel,
  requireQcow2,
  requireSignature,
  requireTar,
  requireText,
} from './index.js';

const ssh = `-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n`;
const magic = (...bytes: number[]) =>
  bytesSource(Buffer.concat([Uint8Array.from(bytes), Buffer.alloc(100, 7)]));
const mbr = formatMbr({ partitions: [{ type: 0x83, firstLba: 8, sectors: 8 }] });
const disk = createLayout(1 << 20, [{ offset: 0, source: bytesSource(mbr) }]);
const qcow2 = layoutSource(encodeQcow2(disk));
const squashfs = Buffer.alloc(4096);
squashfs.write('hsqs', 0, 'latin1');
squashfs.writeUInt16LE(4, 28);
squashfs.writeBigUInt64LE(4096n, 40);

const FILES: Record<string, ByteSource> = {
  iso: buildIso({ file: 10 }).image,
  disk: layoutSource(disk),
  fat: layoutSource(createFat({ size: 1 << 20, volumeId: 1, timestamp: 0, files: [] }).layout),
  qcow2,
  linux: bytesSource(bzImage()),
  efi: bytesSource(pe()),
  uki: bytesSource(pe({ sections: { '.linux': bzImage() } })),
  multiboot: bytesSource(elf({ multiboot: 2 })),
  elf: bytesSource(elf({})),
  cpio: bytesSource(cpio({ init: Buffer.alloc(3) })),
  'cpio.gz': bytesSource(gzipSync(cpio({ init: Buffer.alloc(3) }))),
  tar: bytesSource(tar('name')),
  'tar.gz': bytesSource(gzipSync(tar('name'))),
  // A frame of one empty block.
  zstd: bytesSource(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0)),
  squashfs: bytesSource(squashfs),
  signature: bytesSource(Buffer.from(ssh)),
  text: bytesSource(Buffer.from('# Recovery\n')),
  html: bytesSource(Buffer.from('<!doctype html>')),
  empty: bytesSource(new Uint8Array()),
  noise: magic(0, 1, 2, 3),
};

/** What each requirement takes; everything else it refuses. */
const TAKES: [string, (inspection: Inspection) => unknown, string[]][] = [
  ['requireIso', requireIso, ['iso']],
  ['requireDisk', requireDisk, ['disk', 'fat']],
  ['requireQcow2', requireQcow2, ['qcow2']],
  ['requireKernel', requireKernel, ['linux', 'efi', 'uki', 'multiboot']],
  ['requireInitramfs', requireInitramfs, ['cpio', 'cpio.gz', 'zstd']],
  ['requireTar', requireTar, ['tar', 'tar.gz']],
  ['requireSignature', requireSignature, ['signature']],
  ['requireText', requireText, ['text']],
];

describe.each(TAKES)('%s', (_, require, taken) => {
  it.each(Object.entries(FILES))(
    'each requirement takes the formats it is for, and names what it found instead: %s',
    (name, source) => {
      const inspection = inspect(source);
      expect(inspection.problems).toEqual([]);
      if (taken.includes(name)) expect(() => require(inspection)).not.toThrow();
      else {
        expect(() => require(inspection)).toThrow(
          expect.objectContaining({
            name: 'ImageError',
            code: 'other-format',
            message: expect.stringMatching(/^found .*, expected /),
          }),
        );
      }
    },
  );
});

const refusal = (require: (inspection: Inspection) => unknown, source: ByteSource): ImageError => {
  try {
    require(inspect(source));
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  return expect.fail('it was taken');
};

describe('what a refusal says', () => {
  const xz = bytesSource(
    Buffer.concat([Buffer.from('fd377a585a0000', 'hex'), Buffer.alloc(98), Buffer.from('YZ')]),
  );
  const cases: [string, (inspection: Inspection) => unknown, ByteSource, string, string | undefined][] = [
    ['xz', requireIso, xz, 'found xz data, expected an ISO 9660 image', 'decompress it with xz -d'],
    [
      'a page',
      requireIso,
      FILES.html ?? xz,
      'found an HTML page',
      'download the file again: a page came in its place',
    ],
    [
      'nothing',
      requireKernel,
      FILES.empty ?? xz,
      'found an empty file',
      'name the file that was meant, or make it again',
    ],
    ['swapped files', requireKernel, FILES.cpio ?? xz, 'found a cpio archive', 'name it as an initramfs'],
    [
      'the artifact itself',
      requireSignature,
      FILES.iso ?? xz,
      'found an ISO 9660 image',
      'name it as an ISO',
    ],
    [
      'qcow2 named raw',
      requireDisk,
      qcow2,
      'found a qcow2 image',
      'name it as qcow2, or convert it with qemu-img convert -O raw',
    ],
    ['raw named qcow2', requireQcow2, FILES.disk ?? xz, 'found a raw disk image', 'name it as a raw image'],
    [
      'a tar inside gzip',
      requireInitramfs,
      FILES['tar.gz'] ?? xz,
      'found gzip data of tar',
      'make it with cpio -H newc, then compress it',
    ],
    [
      'an archive that nothing here decompresses',
      requireTar,
      FILES.zstd ?? xz,
      'found zstd data, expected a tar archive, alone or compressed with gzip',
      'decompress it with zstd -d',
    ],
    [
      'noise',
      requireTar,
      FILES.noise ?? xz,
      'found data of no format that is known here',
      'name the file that was meant',
    ],
  ];
  it.each(cases)(
    'a refusal says what was found, and what can be done about it: %s',
    (_, require, source, message, fix) => {
      const error = refusal(require, source);
      expect(error).toMatchObject({ code: 'other-format', message: expect.stringContaining(message) });
      expect(error.fix).toBe(fix);
    },
  );
});

describe('what is of the right kind and not right', () => {
  const features: [string, readonly (readonly [number, number])[], string, RegExp][] = [
    [
      'with a backing file',
      [
        [14, 1],
        [19, 3],
      ],
      'unsupported',
      /backing file/,
    ],
    ['with an external data file', [[79, 4]], 'unsupported', /external file/],
    ['that is encrypted', [[35, 2]], 'unsupported', /encrypted \(luks\)/],
    ['that is marked as corrupt', [[79, 2]], 'corrupt', /marked as corrupt/],
    ['that is marked as dirty', [[79, 1]], 'corrupt', /marked as dirty/],
    ['with features of the future', [[72, 1]], 'unsupported', /unknown features/],
    ['with dirty bitmaps', [[95, 1]], 'unsupported', /bitmaps/],
  ];
  it.each(features)('a qcow2 file %s', (_, patches, code, message) => {
    expect(refusal(requireQcow2, patched(qcow2, patches))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [
      'a backing file',
      [[14, 1] as const, [19, 3] as const],
      /^the qcow2 file needs/,
      /qemu-img convert -O qcow2$/,
    ],
    ['a secret', [[35, 2] as const], /^the qcow2 file is encrypted/, /--object secret$/],
    ['a repair', [[79, 2] as const], /^the qcow2 file is marked as corrupt/, /qemu-img check -r all$/],
    ['features of the future', [[72, 1] as const], /unknown features/, /qemu-img convert -O qcow2$/],
  ])('a qcow2 file that needs %s is refused with the way to do without', (_, patches, message, fix) => {
    const error = refusal(requireQcow2, patched(qcow2, patches));
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
  });

  it('what is cut or damaged is to be got again, where nothing else helps', () => {
    expect(refusal(requireQcow2, sliceSource(qcow2, 0, 4)).fix).toBe('get the file again, or make it again');
  });

  it('a qcow2 file with a cluster that is packed with zstd', () => {
    const packed: [number, number][] = [
      [79, 8],
      [104, 1],
      [4 * 65536, 0x40],
    ];
    const error = refusal(requireQcow2, patched(qcow2, packed));
    expect(error.message).toMatch(/zstd/);
    expect(error.fix).toMatch(/qemu-img convert -O qcow2$/);
  });

  it('a cut file of any kind', () => {
    for (const [name, require] of [
      ['iso', requireIso],
      ['qcow2', requireQcow2],
      ['disk', requireDisk],
      ['linux', requireKernel],
      ['cpio', requireInitramfs],
    ] as const) {
      const whole = FILES[name] ?? expect.fail(name);
      const cut = sliceSource(whole, 0, whole.size - (name === 'cpio' ? 130 : 700));
      expect(refusal(require, cut).code, name).toMatch(/truncated|corrupt/);
    }
    expect(refusal(requireQcow2, sliceSource(qcow2, 0, 4)).code).toBe('truncated');
  });

  it('a file that is two things at once', () => {
    const iso = FILES.iso ?? expect.fail();
    const both = patched(
      iso,
      [...Buffer.from('QFI\xfb', 'latin1')].map((value, at) => [at, value] as const),
    );
    expect(refusal(requireIso, both).code).toBe('other-format');
    const packed = patched(iso, [
      [0, 0x1f],
      [1, 0x8b],
      [2, 8],
    ]);
    expect(refusal(requireIso, packed).message).toMatch(/compressed as well/);
  });

  it('a disk whose GPT counts in sectors of 4096 bytes', () => {
    const wide = Buffer.alloc(1 << 20);
    wide.set(formatProtectiveMbr({ diskSectors: 256 }));
    wide.write('EFI PART', 4096, 'latin1');
    const inspection = inspect(bytesSource(wide));
    const reason = /a GPT of sectors of 4096 bytes/;
    expect(inspection).toMatchObject({ kind: 'disk', facts: undefined, problems: [] });
    expect(inspection.unread).toEqual([expect.stringMatching(reason)]);
    expect(refusal(requireDisk, bytesSource(wide))).toMatchObject({
      code: 'unsupported',
      fix: 'make it with sectors of 512 bytes',
    });
    expect(() => openFiles(bytesSource(wide))).toThrow(reason);
  });

  it.each([
    ['LUKS\xba\xbe\0\x02', 0, 'a LUKS volume of version 2, which is encrypted'],
    ['SWAPSPACE2', 4086, 'a swap area'],
    ['XFSB\0\0\x10\0', 0, 'an xfs file system'],
    ['_BHRfS_M', 65600, 'a btrfs file system'],
  ])('a volume of %j by what it is', (mark, at, name) => {
    const bytes = Buffer.alloc(1 << 17);
    bytes.write(mark, at, 'latin1');
    if (name.includes('swap')) bytes.writeUInt32LE(1, 1024);
    expect(refusal(requireDisk, bytesSource(bytes)).message).toBe(`found ${name}, expected a raw disk image`);
  });

  it.each(['squashfs', 'disk', 'qcow2', 'iso', 'cpio'])(
    '%s in the place of an archive of its files',
    (name) => {
      const { fix } = refusal(requireTar, FILES[name] ?? expect.fail());
      expect(fix).toMatch(/^mount or unpack it, and make an archive of its files, as with tar -C/);
    },
  );

  it('an initramfs that Linux does not unpack', () => {
    const odc = Buffer.from(`070707${'0'.repeat(53)}000013${'0'.repeat(11)}TRAILER!!!\0`);
    expect(refusal(requireInitramfs, bytesSource(odc)).fix).toBe('make it with cpio -H newc');
  });

  it('zstd data that is cut off, wherever that is', () => {
    // A frame of two raw blocks of two bytes and one byte, of a known size, with a checksum.
    const whole = [0x28, 0xb5, 0x2f, 0xfd, 0x24, 3, 0x10, 0, 0, 1, 2, 0x09, 0, 0, 3, 9, 9, 9, 9];
    expect(requireInitramfs(inspect(bytesSource(Uint8Array.from(whole))))).toMatchObject({
      compression: 'zstd',
    });
    for (let size = 5; size < whole.length; size++)
      expect(refusal(requireInitramfs, bytesSource(Uint8Array.from(whole.slice(0, size)))).code).toBe(
        'truncated',
      );
    const other = whole.with(6, 0x16);
    expect(refusal(requireInitramfs, bytesSource(Uint8Array.from(other))).code).toBe('corrupt');
  });
});
