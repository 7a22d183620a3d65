// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFat } from '../fat/index.js';
import { createGptDisk, GPT_TYPE, UUID_NAMESPACE, uuidV5 } from '../gpt/index.js';
import { createLayout, type Layout, layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes, sliceSource } from '../layout/source.js';
import { formatMbr } from '../mbr/index.js';
import { encodeQcow2 } from '../qcow2/index.js';
import { patched } from '../testing/damage.js';
import { bzImage, cpio, elf, pe, tar } from '../testing/files.js';
import { buildIso } from '../testing/iso.js';
import { inspect } from './index.js';

const of = (bytes: Uint8Array) => inspect(bytesSource(bytes));
const text = (value: string) => of(Buffer.from(value));

const esp = (loader: Uint8Array) =>
  createFat({
    size: 1 << 20,
    volumeId: 1,
    timestamp: 0,
    files: [{ path: 'EFI/BOOT/BOOTX64.EFI', content: bytesSource(loader) }],
  }).layout;
const guid = (name: string) => uuidV5(UUID_NAMESPACE.dns, name);
const gptDisk = (content: Layout, bootCode = Uint8Array.of(0xfa)) =>
  createGptDisk({
    size: 4 << 20,
    diskGuid: guid('disk'),
    bootCode,
    partitions: [{ typeGuid: GPT_TYPE.efiSystem, uniqueGuid: guid('esp'), name: 'EFI', content }],
  });
const disk = gptDisk(esp(pe({ signed: true })));

describe('inspect', () => {
  it('an empty file is reported as one', () => {
    expect(of(new Uint8Array())).toMatchObject({ kind: 'empty', size: 0, problems: [], unread: [] });
  });

  it('what starts from a GPT disk is told: by which firmware, for which architecture, and signed or not', () => {
    expect(inspect(layoutSource(disk))).toMatchObject({
      kind: 'disk',
      facts: {
        scheme: 'gpt',
        bootCode: true,
        partitions: [
          {
            number: 1,
            name: 'EFI',
            efiSystem: true,
            fileSystem: { type: 'fat' },
            loaders: [{ path: 'EFI/BOOT/BOOTX64.EFI', architecture: 'x86_64', signed: true }],
          },
        ],
        starts: expect.arrayContaining([
          { firmware: 'bios', medium: 'disk', architecture: 'x86', path: '', signed: false },
          {
            firmware: 'uefi',
            medium: 'usb',
            architecture: 'x86_64',
            path: 'EFI/BOOT/BOOTX64.EFI',
            signed: true,
          },
        ]),
      },
      problems: [],
      unread: [],
      also: [],
    });
  });

  it('a GPT disk that goes on behind its end, as a stick that is larger than its image, is told and no fault', () => {
    const size = disk.size + 3 * 512;
    const padded = createLayout(size, [{ offset: 0, source: layoutSource(disk) }]);
    const found = inspect(layoutSource(padded));
    expect(found).toMatchObject({
      kind: 'disk',
      facts: { scheme: 'gpt', partitions: [{ number: 1 }] },
      problems: [],
      unread: [`1536 bytes behind the end of the GPT, which is at byte ${disk.size}`],
    });
    // What is damaged stays damaged, however much lies behind it.
    const backup = patched(layoutSource(padded), [[disk.size - 512 + 16, 0xff]]);
    expect(inspect(backup).problems).not.toEqual([]);
    expect(inspect(sliceSource(layoutSource(disk), 0, disk.size - 512)).problems).not.toEqual([]);
  });

  it('a qcow2 file is looked through at the disk that a guest sees', () => {
    expect(inspect(layoutSource(encodeQcow2(disk)))).toMatchObject({
      kind: 'qcow2',
      facts: {
        facts: { version: 3, virtualSize: 4 << 20, features: { backingFile: undefined } },
        check: { errors: 0, leaks: 0 },
        disk: { scheme: 'gpt', partitions: [{ loaders: [{ architecture: 'x86_64' }] }] },
      },
      problems: [],
    });
  });

  it('a disc that starts by CD alone is told from one that starts by stick as well', () => {
    const boot = [{ platform: 'bios' as const, path: 'loader', loadSectors: 4 }];
    const { image } = buildIso({ loader: 2048 }, { boot });
    const plain = inspect(image);
    expect(plain).toMatchObject({
      kind: 'iso9660',
      facts: {
        volume: { volumeId: 'TEST' },
        system: { scheme: 'none', bootCode: false },
        boot: [{ platform: 'bios' }],
        starts: [{ firmware: 'bios', medium: 'cd' }],
      },
      problems: [],
    });
    const mbr = formatMbr({
      bootCode: Uint8Array.of(0xfa),
      partitions: [{ type: 0x17, firstLba: 1, sectors: 10, active: true }],
    });
    const hybrid = patched(
      image,
      [...mbr].map((value, index) => [index, value] as const),
    );
    expect(inspect(hybrid)).toMatchObject({
      kind: 'iso9660',
      facts: {
        system: { scheme: 'mbr', bootCode: true },
        starts: [
          { firmware: 'bios', medium: 'cd' },
          { firmware: 'bios', medium: 'usb' },
        ],
      },
      problems: [],
    });
  });

  it('a cut image is found truncated, by what it says of its own length', () => {
    const { image } = buildIso({ file: 100_000 });
    for (const whole of [
      image,
      layoutSource(disk),
      layoutSource(encodeQcow2(disk)),
      bytesSource(bzImage()),
    ]) {
      const cut = inspect(sliceSource(whole, 0, whole.size - 2048));
      expect(cut.problems.length, cut.kind).toBeGreaterThan(0);
    }
    expect(inspect(sliceSource(image, 0, 60_000)).problems[0]?.code).toBe('truncated');
  });

  it('the loader of one architecture is told from that of another, and no loader from what is no program', () => {
    const loaders = (program: Uint8Array) => inspect(layoutSource(gptDisk(esp(program))));
    expect(loaders(pe({ machine: 0xaa64 }))).toMatchObject({
      facts: { starts: [{}, { architecture: 'aarch64' }, {}, {}] },
    });
    expect(loaders(Buffer.from('MZ'))).toMatchObject({
      facts: { partitions: [{ loaders: [] }] },
      problems: [],
      unread: [expect.stringContaining('is no PE program')],
    });
  });

  it('what can be read of a disk whose backup table is damaged is kept', () => {
    const damaged = patched(layoutSource(disk), [[(4 << 20) - 100, 7]]);
    expect(inspect(damaged)).toMatchObject({
      kind: 'disk',
      facts: { partitions: [{ name: 'EFI', loaders: [{}] }] },
      problems: [{ code: 'corrupt' }],
    });
  });

  it('a first sector with code and no table is recognized', () => {
    const sector = Buffer.alloc(1 << 20);
    sector.fill(0x90, 0, 510).writeUInt16LE(0xaa55, 510);
    expect(of(sector)).toMatchObject({
      kind: 'disk',
      facts: { scheme: 'boot-sector', bootCode: true, partitions: [] },
    });
    expect(of(sector.subarray(0, 1000)).problems).toMatchObject([{ code: 'truncated' }]);
  });

  it('kernels are recognized: of Linux, of EFI, of Multiboot, and a unified one', () => {
    expect(of(bzImage('6.1.0-test (builder) #1'))).toMatchObject({
      kind: 'linux',
      facts: {
        format: 'bzimage',
        architecture: 'x86_64',
        version: '6.1.0-test (builder) #1',
        protocol: '2.15',
      },
      problems: [],
    });
    expect(of(pe())).toMatchObject({
      kind: 'pe',
      facts: { architecture: 'x86_64', efi: true, signed: false },
    });
    const sections = {
      '.linux': bzImage('6.1.0-uki'),
      '.osrel': Buffer.from('ID=test'),
      '.cmdline': Buffer.from('quiet'),
    };
    expect(of(pe({ sections }))).toMatchObject({
      kind: 'uki',
      facts: {
        kernel: { version: '6.1.0-uki' },
        sections: [{ name: '.linux' }, { name: '.osrel', size: 7 }, { name: '.cmdline', size: 5 }],
      },
    });
    expect(of(elf({ multiboot: 2 }))).toMatchObject({
      kind: 'elf',
      facts: { architecture: 'x86', multiboot: [2] },
    });
    expect(of(elf({ multiboot: 1 }))).toMatchObject({ facts: { multiboot: [1] } });
    expect(of(elf({}))).toMatchObject({ facts: { multiboot: [] } });
  });

  it('a kernel that an EFI program unpacks is recognized, for whatever processor', () => {
    const zboot = (machine: number, size = 512) => {
      const bytes = pe({ machine, sections: { '.gzdata': Buffer.alloc(512) } });
      bytes.write('zimg', 4, 'latin1');
      bytes.writeUInt32LE(1024, 8);
      bytes.writeUInt32LE(size, 12);
      return of(bytes);
    };
    const unread = ['the kernel inside, which is packed'];
    for (const [machine, architecture] of [
      [0xaa64, 'aarch64'],
      [20580, 'riscv64'],
      [25188, 'loongarch64'],
    ] as const) {
      const facts = { format: 'zboot', architecture, version: undefined, efi: { efi: true, architecture } };
      expect(zboot(machine)).toMatchObject({ kind: 'linux', facts, problems: [], unread });
    }
    expect(zboot(0xaa64, 600)).toMatchObject({ kind: 'linux', problems: [{ code: 'truncated' }] });
  });

  it('a kernel that is cut off at any byte is reported, whatever is left of it', () => {
    for (const kernel of [bzImage(), pe({ signed: true }), elf({ multiboot: 1 }), elf({ multiboot: 2 })]) {
      for (let size = 0; size < Math.min(kernel.length, 2048); size++) of(kernel.subarray(0, size));
    }
    expect(of(bzImage().subarray(0, 0x206))).toMatchObject({
      kind: 'linux',
      problems: [{ code: 'truncated' }],
    });
  });

  it('the parts of an initramfs are recognized', () => {
    const microcode = cpio({ 'kernel/x86/microcode/GenuineIntel.bin': Buffer.alloc(100) });
    const rest = gzipSync(cpio({ init: Buffer.from('#!') }));
    expect(of(cpio({ init: Buffer.from('#!') }))).toMatchObject({
      kind: 'cpio',
      facts: { segments: [{ format: 'newc', entries: 1, microcode: false }] },
      problems: [],
      unread: [],
    });
    expect(of(Buffer.concat([microcode, Buffer.alloc(512), rest]))).toMatchObject({
      kind: 'cpio',
      facts: { segments: [{ format: 'newc', microcode: true }, { format: 'gzip' }] },
      problems: [],
      unread: [expect.stringContaining('gzip')],
    });
    expect(of(rest)).toMatchObject({ kind: 'compressed', facts: { compression: 'gzip', content: 'cpio' } });
    expect(of(microcode.subarray(0, microcode.length - 130)).problems).toMatchObject([{ code: 'truncated' }]);
    expect(of(Buffer.concat([microcode, Buffer.from('junk')])).problems).toMatchObject([{ code: 'corrupt' }]);
  });

  it('archives and text of all kinds are recognized', () => {
    expect(of(tar('name'))).toMatchObject({ kind: 'tar', facts: { format: 'ustar' } });
    expect(of(gzipSync(tar('name')))).toMatchObject({ facts: { content: 'tar' } });
    expect(text('# Recovery\n')).toMatchObject({ kind: 'text' });
    expect(text('<?xml version="1.0"?><!-- a --><!-- b -->\n<!DOCTYPE html><html>').kind).toBe('html');
    expect(text(`${'<!-- a -->'.repeat(5000)}x`).kind).toBe('text');
    expect(text('{"a": 1}').kind).toBe('json');
    expect(text('{"spdxVersion": "SPDX-2.3"}').kind).toBe('spdx-json');
    expect(text('{"spdxVersion": "SPDX-2.3"')).toMatchObject({
      kind: 'spdx-json',
      problems: [{ code: 'corrupt' }],
    });
    expect(text('{ braces }').kind).toBe('text');
    expect(of(Uint8Array.of(1, 2, 3, 0)).kind).toBe('unknown');
    expect(of(Buffer.concat([Buffer.alloc(65535, 'a'), Buffer.from('é')])).kind).toBe('text');
  });

  it('the forms of a signature are recognized, and an incomplete one is not', () => {
    const ssh = `-----BEGIN SSH SIGNATURE-----\n${'U1NIU0lH\n'.repeat(4)}-----END SSH SIGNATURE-----\n`;
    expect(text(ssh)).toMatchObject({ kind: 'signature', facts: { format: 'ssh' } });
    expect(text(ssh.slice(0, 60)).kind).toBe('text');
    const minisign = `untrusted comment: x\nRWQ${'A'.repeat(96)}=\ntrusted comment: y\n${'A'.repeat(87)}=\n`;
    expect(text(minisign)).toMatchObject({ kind: 'signature', facts: { format: 'minisign' } });
    expect(of(Uint8Array.of(0x88, 3, 4, 0, 1))).toMatchObject({
      kind: 'signature',
      facts: { format: 'pgp-binary' },
    });
    expect(of(Uint8Array.of(0x88, 4, 4, 0, 1)).kind).not.toBe('signature');
  });

  it('a file that is two things at once is reported', () => {
    const { image } = buildIso({ file: 10 });
    const both = inspect(
      patched(
        image,
        [...Buffer.from('QFI\xfb', 'latin1')].map((value, at) => [at, value] as const),
      ),
    );
    expect([both.kind, both.also]).toEqual(['qcow2', ['iso9660']]);
  });
});

describe('inspect on damaged files', () => {
  const { image } = buildIso(
    { 'a/b.txt': 500, loader: 2048 },
    { boot: [{ platform: 'uefi', path: 'loader', loadSectors: 4 }] },
  );
  const whole: Record<string, ByteSource> = {
    iso: image,
    disk: layoutSource(disk),
    qcow2: layoutSource(encodeQcow2(disk)),
    bzImage: bytesSource(bzImage('6.1.0')),
    pe: bytesSource(pe({ signed: true, sections: { '.linux': bzImage('6.1.0') } })),
    elf: bytesSource(elf({ multiboot: 2 })),
    cpio: bytesSource(cpio({ init: Buffer.alloc(100), bin: Buffer.alloc(3) })),
    gzip: bytesSource(gzipSync(cpio({ init: Buffer.alloc(100) }))),
    tar: bytesSource(tar('name')),
  };
  /** Reads are counted: whatever the bytes say, there is an end to them. */
  const bounded = (source: ByteSource): ByteSource => {
    let left = 64 << 20;
    return {
      size: source.size,
      readInto(into, offset) {
        left -= into.length + 1000;
        if (left < 0) throw new Error('reads without end');
        source.readInto(into, offset);
      },
    };
  };

  it.each(Object.entries(whole))('an answer is given, whatever bytes of a file change: %s', (_, source) => {
    const spots = [0, 440, 512, 1024, 32768, 65536, 131072, 196608, 262144, 1 << 20, source.size - 1100];
    const place = fc
      .tuple(fc.constantFrom(...spots.filter((spot) => spot >= 0 && spot < source.size)), fc.nat(1099))
      .map(([spot, index]) => Math.min(spot + index, source.size - 1));
    const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (changes, isFirst) => {
          const found = inspect(bounded(patched(source, isFirst ? changes : changes.slice(0, 1))));
          expect(found.size).toBe(source.size);
          // A reader that asks for what is not there has a fault of its own.
          expect(found.problems.map(({ code }) => code)).not.toContain('out-of-range');
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(Object.entries(whole))('an answer is given at any length of a file: %s', (_, source) => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(source.size), fc.nat(Math.min(source.size, 3000))), (length) => {
        const bytes = readBytes(source, 0, length);
        const found = inspect(bounded(bytesSource(bytes)));
        expect(found.size).toBe(length);
        expect(found.problems.map(({ code }) => code)).not.toContain('out-of-range');
      }),
      { numRuns: 60 },
    );
  });

  it('an answer is given on bytes that begin like a known format', () => {
    const marks = [
      'QFI\xfb',
      'KDMV',
      'vhdxfile',
      'MZ',
      '\x7fELF',
      '070701',
      '\x1f\x8b\x08',
      '-----BEGIN ',
      '{',
      '<!--',
      '',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 3000 }), (mark, rest) => {
        const bytes = Buffer.concat([Buffer.from(mark, 'latin1'), rest]);
        expect(inspect(bounded(bytesSource(bytes))).size).toBe(bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  it('a file that leads round in circles is given up, and the answer says so', () => {
    const entry = cpio({ a: new Uint8Array() }).subarray(0, 112);
    const endless: ByteSource = {
      size: 2 ** 40,
      readInto(into, offset) {
        for (let at = 0; at < into.length; at++) into[at] = entry[(offset + at) % entry.length] ?? 0;
      },
    };
    const found = inspect(endless);
    expect(found).toMatchObject({
      kind: 'cpio',
      problems: [],
      unread: [expect.stringContaining('first 100000 entries')],
    });
    // An L1 table that names one L2 table over and over.
    const file = layoutSource(encodeQcow2(createLayout(2 ** 40, disk.extents)));
    const tables = Buffer.from(readBytes(file, 0, file.size));
    for (let at = 3 * 65536; at < 4 * 65536; at += 8) tables.copy(tables, at, 3 * 65536, 3 * 65536 + 8);
    expect(inspect(bounded(bytesSource(tables))).kind).toBe('qcow2');
  });

  it('a file of 64 TiB is inspected with few reads', () => {
    const huge = layoutSource(createLayout(64 * 2 ** 40, encodeQcow2(disk).extents));
    expect(inspect(bounded(huge))).toMatchObject({ kind: 'qcow2', problems: [] });
    expect(inspect(bounded(layoutSource(createLayout(64 * 2 ** 40, [])))).kind).toBe('unknown');
  });
});
