// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, type Layout } from '@latticra/disk-image';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import {
  type BiosBoot,
  bootByBios,
  findDebianKernel,
  TEST_PARAMETERS,
  writeLayout,
} from '../testing/machine.js';
import {
  BOOT_TOOLS,
  contentOf,
  createCd,
  createDisk,
  foreignInitramfs,
  placesOnDisk,
  type System,
} from '../testing/system.js';
import { LOADER_ERRORS } from './errors.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-linux-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const TIME_LIMIT = 120_000;
/** The kernel's own messages would come into the middle of a line, so they end first. */
const SCRIPT = `
/bin/busybox dmesg -n 1
/bin/busybox mount -t proc none /proc
echo "TEST_RELEASE $(/bin/busybox cat /proc/sys/kernel/osrelease)"
echo "TEST_COMMAND_LINE $(/bin/busybox sha256sum /proc/cmdline)"
echo "TEST_FILLER $(/bin/busybox sha256sum /filler)"
/bin/busybox poweroff -f
`;
/** More than one read, and not whole blocks. */
const FILLER = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * index * 31 + index) >> 7);
const START = `${TEST_PARAMETERS} filler=`;
const COMMAND_LINE = START + 'x'.repeat(2047 - START.length);
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

const makeSystem = (): System => ({
  kernel: readFileSync(findDebianKernel().path),
  initramfs: bytesSource(foreignInitramfs(SCRIPT, [{ path: 'filler', mode: 0o644, content: FILLER }])),
  commandLine: COMMAND_LINE,
});

async function boot(layout: Layout, attach: BiosBoot['attach'], memoryMib: number) {
  const image = join(folder, 'image.raw');
  writeLayout(image, layout);
  return bootByBios({ folder, image, attach, memoryMib });
}

describe('a Debian kernel under SeaBIOS', () => {
  const media = [
    ['a virtio disk, with 128 MiB of memory', createDisk, 'virtio', 128],
    ['an IDE disk, with memory past 4 GiB', createDisk, 'ide-disk', 5120],
    ['a CD', createCd, 'ide-cd', 256],
    ['a disk that holds the image of a CD', createCd, 'virtio', 256],
  ] as const;
  for (const [medium, create, attach, memoryMib] of media) {
    itWith(
      BOOT_TOOLS,
      `the loader hands over kernel, initramfs and command line unchanged from ${medium}`,
      async () => {
        const { exitCode, lines } = await boot(create(makeSystem()), attach, memoryMib);
        expect(lines).toContain('LATTICRA_LOADER bios');
        expect(lines).toContain(`TEST_RELEASE ${findDebianKernel().release}`);
        expect(lines).toContain(`TEST_FILLER ${sha256(FILLER)}  /filler`);
        expect(lines).toContain(`TEST_COMMAND_LINE ${sha256(`${COMMAND_LINE}\n`)}  /proc/cmdline`);
        expect(exitCode).toBe(0);
      },
      TIME_LIMIT,
    );
  }
});

/** A kernel of which the loader reads the header only. */
const HEADER = 0x1f1;

describe('what the loader says under SeaBIOS', () => {
  const expectError = async (
    text: string,
    change: (disk: Buffer, places: Places) => void,
    memoryMib = 128,
  ) => {
    const system = { ...makeSystem(), commandLine: 'console=ttyS0' };
    const disk = Buffer.from(contentOf(createDisk(system)));
    change(disk, { ...placesOnDisk(system), slot: disk.indexOf('LATTICRA_BIOSLNX') + 16 });
    const { exitCode, lines } = await boot(
      { size: disk.length, extents: [{ offset: 0, source: bytesSource(disk) }] },
      'virtio',
      memoryMib,
    );
    expect(lines).toContain(`LATTICRA_LOADER_ERROR ${text}`);
    const value = LOADER_ERRORS.find((error) => error.text === text)?.value ?? 0;
    expect(exitCode).toBe(((value << 1) | 1) & 0xff);
  };
  type Places = ReturnType<typeof placesOnDisk> & { readonly slot: number };
  const NO_KERNEL = 'what is recorded as the kernel is no Linux kernel that this loader can start';
  const NO_ROOM = 'there is not enough memory to load the kernel';
  const BEYOND = 0x00ffffff;
  const cases: [string, string, (disk: Buffer, places: Places) => void, number?][] = [
    ['a machine of 48 MiB', NO_ROOM, () => {}, 48],
    [
      'an initramfs of more than there is memory',
      'there is not enough memory to load the initramfs',
      (disk, { slot }) => disk.writeUInt32LE(100 << 20, slot + 20),
    ],
    [
      'a block beyond the disk for the kernel',
      'the firmware reports an error reading the drive',
      (disk, { slot }) => disk.writeUInt32LE(BEYOND, slot + 8),
    ],
    [
      'a block beyond the disk for the initramfs',
      'the firmware reports an error reading the drive',
      (disk, { slot }) => disk.writeUInt32LE(BEYOND, slot + 16),
    ],
    [
      'a slot without a kernel',
      'no kernel is recorded in the loader',
      (disk, { slot }) => disk.writeUInt32LE(0, slot + 12),
    ],
    [
      'no kernel where one should be',
      NO_KERNEL,
      (disk, { kernelAt }) => disk.fill(0, kernelAt + 512, kernelAt + 1024),
    ],
    [
      'an older boot protocol',
      NO_KERNEL,
      (disk, { kernelAt }) => disk.writeUInt16LE(0x209, kernelAt + 0x206),
    ],
    [
      'a kernel that cannot be moved',
      NO_KERNEL,
      (disk, { kernelAt }) => disk.fill(0, kernelAt + 0x234, kernelAt + 0x235),
    ],
    [
      'a long real-mode part',
      NO_KERNEL,
      (disk, { kernelAt }) => disk.fill(64, kernelAt + HEADER, kernelAt + HEADER + 1),
    ],
    [
      'a kernel for below 1 MiB',
      NO_KERNEL,
      (disk, { kernelAt }) => disk.writeUInt32LE(0x10000, kernelAt + 0x258),
    ],
    ['a kernel for above 4 GiB', NO_KERNEL, (disk, { kernelAt }) => disk.writeUInt32LE(1, kernelAt + 0x25c)],
    [
      'a kernel that uses less than it has',
      NO_KERNEL,
      (disk, { kernelAt }) => disk.writeUInt32LE(4096, kernelAt + 0x260),
    ],
    [
      'a kernel that uses more than 4 GiB',
      NO_KERNEL,
      (disk, { kernelAt }) => disk.writeUInt32LE(0xffffffff, kernelAt + 0x260),
    ],
    [
      'a kernel that uses more than there is',
      NO_ROOM,
      (disk, { kernelAt }) => disk.writeUInt32LE(0x40000000, kernelAt + 0x260),
    ],
    [
      'a loader whose end was overwritten',
      'the rest of the loader is not where it should be',
      (disk, { loader }) => disk.fill(0, loader + 2048, loader + 6144),
    ],
  ];
  for (const [what, text, change, memoryMib] of cases) {
    itWith(
      BOOT_TOOLS,
      `the loader meets ${what} and says: ${text}`,
      () => expectError(text, change, memoryMib),
      TIME_LIMIT,
    );
  }
});
