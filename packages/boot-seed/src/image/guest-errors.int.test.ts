// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutSource, readBytes } from '@latticra/disk-image';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { debugExitCode, GUEST_ERRORS } from '../exit.js';
import { type MadeKernel, makeKernel } from '../testing/make-kernel.js';
import { boot, OVMF } from '../testing/qemu.js';
import { buildBootDisk } from './disk.js';
import { MIN_DISK_SIZE } from './places.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-guest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes a disk whose kernel is only good enough for the builder. */
function makeDisk(): Buffer {
  const { disk } = buildBootDisk({ kernel: makeKernel(), size: MIN_DISK_SIZE });
  return Buffer.from(readBytes(layoutSource(disk), 0, disk.size));
}

/** Makes a disk whose kernel became another one after the builder had checked it. */
function withKernel(made: MadeKernel): Buffer {
  const disk = makeDisk();
  disk.set(makeKernel(made), disk.indexOf(makeKernel()));
  return disk;
}

/** Makes a disk whose bytes from the mark on were changed. */
function damaged(mark: string, change: (disk: Buffer, after: number) => void): Buffer {
  const disk = makeDisk();
  change(disk, disk.indexOf(mark, 0, 'latin1') + mark.length);
  return disk;
}

async function expectEnd(disk: Buffer, text: string, firmware: 'seabios' | 'ovmf'): Promise<void> {
  const image = join(folder, 'disk.raw');
  await writeFile(image, disk);
  const { exitCode, lines } = await boot({
    folder,
    image,
    format: 'raw',
    attach: 'disk',
    firmware,
    machine: 'pc',
  });
  expect(lines).toContain(`LATTICRA_LOADER_ERROR ${text}`);
  expect(exitCode).toBe(debugExitCode(GUEST_ERRORS.find((error) => error.text === text)?.value ?? 0));
}

const MIB = 0x100000n;
const BAD_HEADER = "the kernel's Multiboot 2 header is damaged or asks for another machine";
const BAD_SEGMENT = 'a segment of the kernel is damaged or lies below 1 MiB or past 4 GiB';
const NOT_MEMORY = 'a segment of the kernel does not lie in free memory';
const BEYOND_THE_DISK = 0x00ffffff;

describe('what a loader says under SeaBIOS', () => {
  const cases: [string, string, () => Buffer][] = [
    [
      'a block number beyond the disk in the master boot code',
      'the loader cannot be read from the disk',
      () => damaged('LATTICRA_MBR_LBA', (disk, at) => disk.writeUInt32LE(BEYOND_THE_DISK, at + 8)),
    ],
    [
      'a loader that was overwritten',
      'the loader is not where it should be',
      () => damaged('LATTICRA_BIOSLDR', (disk, at) => disk.fill(0, at - 16, at)),
    ],
    [
      'a loader whose end was overwritten',
      'the rest of the loader is not where it should be',
      () => damaged('LATTICRA_BIOSLDR', (disk, at) => disk.fill(0, at + 4096, at + 6064)),
    ],
    [
      'a block number beyond the disk for the kernel',
      'the firmware reports an error reading the drive',
      () => damaged('LATTICRA_BIOSLDR', (disk, at) => disk.writeUInt32LE(BEYOND_THE_DISK, at + 8)),
    ],
    [
      'a loader that was told of no kernel',
      'no kernel is recorded in the loader, or more than 16 MiB of it',
      () => damaged('LATTICRA_BIOSLDR', (disk, at) => disk.writeUInt32LE(0, at + 12)),
    ],
    ['a wrong checksum', 'no Multiboot 2 header in the kernel', () => withKernel({ checksumOff: 1 })],
    ['another architecture', BAD_HEADER, () => withKernel({ architecture: 4 })],
    ['a tag that leaves the header', BAD_HEADER, () => withKernel({ tags: [{ type: 1, size: 4096 }] })],
    [
      'another machine',
      'the kernel is not an ELF program for this machine',
      () => withKernel({ machine: 40 }),
    ],
    [
      'a segment below 1 MiB',
      BAD_SEGMENT,
      () => withKernel({ segments: [{ physical: MIB }, { physical: MIB - 4096n }] }),
    ],
    [
      'a segment past 4 GiB',
      BAD_SEGMENT,
      () => withKernel({ bits: 64, segments: [{ physical: (1n << 32n) - 512n, memorySize: 4096n }] }),
    ],
    [
      'a segment past the end of the file',
      BAD_SEGMENT,
      () => withKernel({ segments: [{ physical: MIB, fileOffset: 3585n }] }),
    ],
    [
      'a segment over the end of 64 MiB, where the kernel was read to',
      'a segment of the kernel would overwrite the loader',
      () => withKernel({ segments: [{ physical: MIB, memorySize: 63n * MIB - 0x20000n }] }),
    ],
    ['a segment outside of memory', NOT_MEMORY, () => withKernel({ segments: [{ physical: 256n * MIB }] })],
    ['a segment over a device', NOT_MEMORY, () => withKernel({ segments: [{ physical: 0xfec00000n }] })],
    [
      'an entry outside',
      "the kernel's entry lies in none of its segments",
      () => withKernel({ entry: 0x100200n }),
    ],
  ];
  for (const [what, text, disk] of cases) {
    itWith(['qemu-system-x86_64'], `a loader meets ${what} and says: ${text}`, () =>
      expectEnd(disk(), text, 'seabios'),
    );
  }
});

describe('what a loader says under OVMF', () => {
  const needs = ['qemu-system-x86_64', OVMF.code, OVMF.vars];
  itWith(needs, 'the UEFI loader says that there is no kernel', () =>
    expectEnd(
      damaged('KERNEL  ELF', (disk, at) => disk.write('X', at - 11)),
      'there is no /boot/kernel.elf on the volume',
      'ovmf',
    ),
  );
  itWith(needs, 'the UEFI loader says that a segment lies outside of memory', () =>
    expectEnd(withKernel({ segments: [{ physical: 256n * MIB }] }), NOT_MEMORY, 'ovmf'),
  );
});
