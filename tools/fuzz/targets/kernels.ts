// SPDX-License-Identifier: Apache-2.0

import { patchBootImage } from '../../../packages/boot-seed/src/grub/boot-image.js';
import { placeCoreImage } from '../../../packages/boot-seed/src/grub/core-image.js';
import { normalizeIso } from '../../../packages/boot-seed/src/grub/iso-parts.js';
import { assertStartable } from '../../../packages/boot-seed/src/grub/kernel.js';
import { normalizeMemdisk } from '../../../packages/boot-seed/src/grub/memdisk.js';
import { assertBootable } from '../../../packages/boot-seed/src/multiboot/bootable.js';
import { readElf } from '../../../packages/boot-seed/src/multiboot/elf.js';
import { findMultiboot1 } from '../../../packages/boot-seed/src/multiboot/header1.js';
import { readMultiboot2 } from '../../../packages/boot-seed/src/multiboot/header2.js';
import { checkTags } from '../../../packages/boot-seed/src/multiboot/tags.js';
import { readBuildId, setBuildId } from '../../../packages/boot-seed/src/patch/build-id.js';
import {
  patchBiosLoader,
  patchMasterBoot,
  setCommandLine,
} from '../../../packages/boot-seed/src/patch/loader.js';
import { placesOfBiosLoader, placesOfMasterBoot } from '../../../packages/boot-seed/src/patch/own-loader.js';
import { isOwnPart } from '../../../packages/boot-seed/src/patch/own-part.js';
import { PREBUILT_PARTS } from '../../../packages/boot-seed/src/seed/parts.js';
import {
  makeBootImage,
  makeCoreImage,
  makeEfiLoader,
  makeTar,
} from '../../../packages/boot-seed/src/testing/make-grub.js';
import { makeKernel } from '../../../packages/boot-seed/src/testing/make-kernel.js';
import { cpioFormat, readCpio } from '../../../packages/disk-image/src/inspect/cpio.js';
import { findMultiboot, readElf as readElfFacts } from '../../../packages/disk-image/src/inspect/elf.js';
import { readLinux } from '../../../packages/disk-image/src/inspect/linux.js';
import { readPe } from '../../../packages/disk-image/src/inspect/pe.js';
import { bzImage, cpio, elf, pe } from '../../../packages/disk-image/src/testing/files.js';
import { loadProblem } from '../../../packages/vm-run/src/v86/loadable.js';
import { BOOT_ISO } from '../../testing/images.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';

const kernel = () => setBuildId(PREBUILT_PARTS.kernel, 'fuzz');
const memdisk = () =>
  makeTar([
    { name: 'boot/grub/grub.cfg', content: 'a', time: 1 },
    { name: 'b', content: '', time: 2 },
  ]);

/** Readers of kernels, programs and loaders. */
export const kernelTargets: readonly FuzzTarget[] = [
  {
    name: 'multiboot',
    seeds: () => [kernel(), makeKernel(), makeKernel({ bits: 64 }), elf({ multiboot: 2 })],
    words: ['\x7fELF', '\xd6\x50\x52\xe8', '\x02\xb0\xad\x1b'],
    run({ bytes }) {
      const program = unlessRefused(() => readElf(bytes));
      const header = unlessRefused(() => readMultiboot2(bytes));
      if (program !== undefined && header !== undefined) unlessRefused(() => checkTags(header, program));
      findMultiboot1(bytes);
      const bootable = unlessRefused(() => assertBootable(bytes));
      hold(bootable === undefined || program !== undefined, 'a kernel is bootable that is no program');
      unlessRefused(() => assertStartable(bytes));
    },
  },
  {
    name: 'v86Kernel',
    seeds: () => [kernel(), elf({ multiboot: 1 })],
    words: ['\x7fELF', '\x02\xb0\xad\x1b'],
    run: ({ bytes }) => loadProblem(bytes),
  },
  {
    name: 'buildId',
    seeds: () => [kernel()],
    words: ['LATTICRA BUILDID', 'LATTICRA_CMDLINE'],
    run({ bytes }) {
      const found = unlessRefused(() => readBuildId(bytes));
      if (found === undefined) return;
      hold(readBuildId(setBuildId(bytes, 'b')) === 'b', 'a build id that was set is not read back');
      isOwnPart('kernel', bytes);
    },
  },
  {
    name: 'seedLoaders',
    seeds: () => [PREBUILT_PARTS.masterBoot, PREBUILT_PARTS.biosLoader, PREBUILT_PARTS.uefiLoader],
    words: ['LATTICRA_MBR_LBA', 'LATTICRA_BIOSLDR'],
    run({ bytes }) {
      placesOfMasterBoot(bytes);
      placesOfBiosLoader(bytes);
      unlessRefused(() => patchMasterBoot(bytes, 2048));
      const places = { loader: 2048, blockSize: 512 as const, kernel: { offset: 65_536, size: 512 } };
      unlessRefused(() => patchBiosLoader(bytes, places, 'quiet'));
      unlessRefused(() => setCommandLine(bytes, 'quiet'));
      for (const part of ['masterBoot', 'biosLoader', 'efiBootloader'])
        unlessRefused(() => isOwnPart(part, bytes));
    },
  },
  {
    name: 'grubParts',
    seeds: () => [
      makeBootImage(),
      makeCoreImage(4096),
      makeEfiLoader([
        [0, Buffer.from('a')],
        [1, memdisk()],
      ]),
    ],
    words: ['mods', 'mimg', 'PE\0\0', 'MZ', 'ustar'],
    run({ bytes }) {
      unlessRefused(() => normalizeMemdisk(bytes, 1));
      unlessRefused(() => patchBootImage(bytes, 1024));
      unlessRefused(() => placeCoreImage(bytes, 1024));
    },
  },
  {
    name: 'grubIso',
    seeds: () => [BOOT_ISO],
    run: ({ bytes }) => normalizeIso(Buffer.from(bytes), 1),
  },
  {
    name: 'pe',
    seeds: () => [
      pe({ signed: true }),
      pe({ sections: { '.linux': bzImage(), '.text': Buffer.alloc(600, 1) } }),
    ],
    words: ['MZ', 'PE\0\0', '.linux\0\0', '\x0b\x01', '\x0b\x02'],
    run: ({ source }) => readPe(source),
  },
  {
    name: 'elf',
    seeds: () => [elf({}), elf({ multiboot: 1 }), elf({ multiboot: 2 }), makeKernel({ bits: 64 })],
    run({ source }) {
      findMultiboot(source);
      return readElfFacts(source);
    },
  },
  {
    name: 'linux',
    seeds: () => [bzImage()],
    words: ['HdrS', '\x55\xaa'],
    run: ({ source }) => readLinux(source),
  },
  {
    name: 'cpio',
    seeds: () => [cpio({ init: Buffer.from('#!'), a: Buffer.alloc(5) })],
    words: ['070701', '070702', '070707', 'TRAILER!!!\0', '00000000', 'ffffffff'],
    run({ bytes, source }) {
      const format = cpioFormat(source, 0);
      if (format === undefined) return;
      const { size } = readCpio(source, 0, format);
      hold(size <= bytes.length, 'an archive ends behind its file');
    },
  },
];
