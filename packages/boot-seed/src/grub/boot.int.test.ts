// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutChunks } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { writeFileAtomic } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { GRUB_TOOLS } from '../../../../tools/testing/grub.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { SEED_EXIT_CODE } from '../exit.js';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { assembleForeignKernel, FOREIGN } from '../testing/foreign-kernel.js';
import { type BootRequest, boot, OVMF } from '../testing/qemu.js';
import { grubConfig } from './config.js';
import { buildGrubBiosDisk, buildGrubDisk, buildGrubUefiDisk } from './disk.js';
import type { GrubImage, GrubImageOptions } from './image.js';
import { buildGrubIso } from './iso.js';
import { findGrub } from './tools.js';

const BUILD_ID = 'grub-boots.1';
const SEED = setBuildId(PREBUILT_PARTS.kernel, BUILD_ID);
const SIZE = 64 << 20;
const NEEDS = [...GRUB_TOOLS, 'qemu-system-x86_64'];
const TIME_LIMIT = 120_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-grub-boot-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Way = Pick<BootRequest, 'attach' | 'format' | 'machine' | 'firmware'>;
type Build = (options: GrubImageOptions) => Promise<GrubImage>;
const iso: Build = buildGrubIso;
const disk: Build = (options) => buildGrubDisk({ ...options, size: SIZE });
const biosDisk: Build = (options) => buildGrubBiosDisk({ ...options, size: SIZE });
const uefiDisk: Build = (options) => buildGrubUefiDisk({ ...options, size: SIZE });

/**
 * Assembles a kernel of so many MiB that wants to be told GRUB's name. OVMF keeps memory at 8 MiB, where GRUB loads
 * nothing.
 */
async function foreignKernel(mib: number): Promise<Uint8Array> {
  const { version } = await findGrub();
  return assembleForeignKernel(32, { size: mib << 20, loaderName: `GRUB ${version}` });
}

/** Lets GRUB start the kernel in this way; returns what it said and how the machine ended. */
async function start(build: Build, options: Omit<GrubImageOptions, 'tools'>, way: Way) {
  const { image } = await build({ ...options, tools: await findGrub() });
  const path = join(folder, 'image');
  await writeFileAtomic(path, layoutChunks(way.format === 'qcow2' ? encodeQcow2(image) : image));
  const { exitCode, lines } = await boot({ ...way, folder, image: path });
  // GRUB leaves its own words on the line before the kernel's where the firmware shows the screen on COM1.
  return { exitCode, said: lines.filter((line) => /^(LATTICRA|FOREIGN)/.test(line)) };
}

const SEED_SAYS = {
  exitCode: SEED_EXIT_CODE,
  said: ['LATTICRA_BOOT_SEED_OK', `LATTICRA_BUILD_ID ${BUILD_ID}`],
};

const seabios = (attach: Way['attach'], machine: Way['machine'], format: Way['format'] = 'raw'): Way => ({
  ...{ attach, machine, format },
  firmware: 'seabios',
});
const ovmf = (attach: Way['attach'], format: Way['format'] = 'raw'): Way => ({
  ...{ attach, format },
  machine: 'q35',
  firmware: 'ovmf',
});

describe('under SeaBIOS', () => {
  const ways: [string, Build, Way][] = [
    ['an ISO as CD on i440fx', iso, seabios('cdrom', 'pc')],
    ['an ISO as USB disk on q35', iso, seabios('usb', 'q35')],
    ['a disk on i440fx', disk, seabios('disk', 'pc', 'qcow2')],
    ['a disk for BIOS alone on q35', biosDisk, seabios('disk', 'q35')],
  ];
  for (const [name, build, way] of ways) {
    itWith(
      NEEDS,
      `GRUB starts the seed under SeaBIOS from ${name}`,
      async () => {
        expect(await start(build, { kernel: SEED }, way)).toEqual(SEED_SAYS);
      },
      TIME_LIMIT,
    );
  }

  itWith(
    [...NEEDS, 'as', 'ld'],
    'GRUB starts a foreign kernel under SeaBIOS, by a configuration of somebody else',
    async () => {
      const config = `set words='${FOREIGN.commandLine}'\nif [ -f /boot/kernel.elf ]; then\n  multiboot2 /boot/kernel.elf $words\n  boot\nfi\n`;
      const { exitCode, said } = await start(
        disk,
        { kernel: await foreignKernel(8), config },
        seabios('disk', 'pc'),
      );
      expect(said).toEqual([FOREIGN.sentinel]);
      expect(exitCode).toBe(FOREIGN.exitCode);
    },
    TIME_LIMIT,
  );
});

describe('under OVMF', () => {
  const needs = [...NEEDS, OVMF.code, OVMF.vars];
  // From USB and from a disk for both: `pnpm boot-matrix`.
  itWith(
    needs,
    'GRUB starts the seed under OVMF from an ISO as CD',
    async () => {
      expect(await start(iso, { kernel: SEED }, ovmf('cdrom'))).toEqual(SEED_SAYS);
    },
    TIME_LIMIT,
  );

  itWith(
    [...needs, 'as', 'ld'],
    'GRUB starts a foreign kernel under OVMF with its command line, from a disk for UEFI alone',
    async () => {
      const config = grubConfig(FOREIGN.commandLine);
      const { exitCode, said } = await start(
        uefiDisk,
        { kernel: await foreignKernel(4), config },
        ovmf('disk'),
      );
      expect(said).toEqual([FOREIGN.sentinel]);
      expect(exitCode).toBe(FOREIGN.exitCode);
    },
    TIME_LIMIT,
  );
});
