// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Layout, layoutChunks } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { writeFileAtomic } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { GRUB_TOOLS } from '../../../../tools/testing/grub.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { grubConfig } from './config.js';
import { buildGrubBiosDisk, buildGrubDisk, buildGrubUefiDisk } from './disk.js';
import type { GrubImage, GrubPart } from './image.js';
import { buildGrubIso } from './iso.js';
import { findGrub } from './tools.js';

const KERNEL = setBuildId(PREBUILT_PARTS.kernel, 'structure.1');
const SIZE = 16 << 20;
const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C', TZ: 'UTC', MTOOLSRC: '/dev/null' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-structure-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a tool that has to find everything in order; returns what it says. */
function ask(tool: string, ...argv: string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, argv, { env, encoding: 'utf8', cwd: folder });
  expect({ tool, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ tool, status: 0, said: '' });
  return stdout + stderr;
}

const write = (name: string, image: Layout) => writeFileAtomic(join(folder, name), layoutChunks(image));
const part = ({ parts }: GrubImage, role: GrubPart['role']) =>
  Buffer.from(parts.find((item) => item.role === role)?.bytes ?? []);
const options = async () => ({ kernel: KERNEL, tools: await findGrub(), size: SIZE });

describe('the ISO', () => {
  itWith(
    [...GRUB_TOOLS, 'isoinfo', 'fsck.vfat', 'mdir'],
    'the ISO starts by BIOS and by UEFI, as a CD and as a disk, and holds what it was given',
    async () => {
      const iso = await buildGrubIso(await options());
      await write('iso', iso.image);
      const said = ask(
        'xorriso',
        '-indev',
        'iso',
        '-report_el_torito',
        'plain',
        '-report_system_area',
        'plain',
      );
      expect(said).toMatch(/El Torito boot img :\s+1\s+BIOS\s+y\s+none\s/);
      expect(said).toMatch(/El Torito boot img :\s+2\s+UEFI\s+y\s+none\s/);
      expect(said).toMatch(/System area summary: MBR protective-msdos-label grub2-mbr .*GPT/);
      expect(said).toMatch(/GPT partition path :\s+\d+\s+\/efi\.img/);
      expect(said).not.toMatch(/WARNING|FAILURE|SORRY|FATAL/);
      const extract = (from: string, to: string) =>
        ask('xorriso', '-osirrox', 'on', '-indev', 'iso', '-extract', from, to);
      extract('/boot/kernel.elf', 'kernel');
      extract('/boot/grub/grub.cfg', 'config');
      extract('/boot/grub/i386-pc/eltorito.img', 'core');
      extract('/efi.img', 'esp');
      expect(await readFile(join(folder, 'kernel'))).toEqual(Buffer.from(KERNEL));
      expect(await readFile(join(folder, 'config'), 'utf8')).toBe(grubConfig());
      expect(part(iso, 'core-image').equals(await readFile(join(folder, 'core')))).toBe(true);
      ask('fsck.vfat', '-n', 'esp');
      ask('mcopy', '-i', 'esp', '::/EFI/BOOT/BOOTX64.EFI', 'loader');
      expect(part(iso, 'efi-loader').equals(await readFile(join(folder, 'loader')))).toBe(true);
      expect(ask('mdir', '-/', '-i', 'esp', '::')).not.toMatch(/ 20\d\d-/);
      expect(ask('isoinfo', '-d', '-i', 'iso')).toMatch(
        /Volume id: LATTICRA\n[\s\S]*Data preparer id: LATTICRA\n/,
      );
    },
  );
});

describe('the disks', () => {
  itWith(
    [...GRUB_TOOLS, 'sgdisk', 'fsck.vfat', 'qemu-img'],
    'sgdisk, fsck, mtools and qemu-img find the tables and volumes of the disks sound',
    async () => {
      const disk = await buildGrubDisk(await options());
      await write('disk', disk.image);
      await write('volume', disk.volume);
      await write('qcow2', encodeQcow2(disk.image));
      expect(ask('sgdisk', '--verify', 'disk')).toMatch(/^\s*No problems found/);
      expect(ask('sgdisk', '--print', 'disk')).toMatch(/ 1 .* EF02 [\s\S]* 2 .* EF00 /);
      expect(ask('fsck.vfat', '-n', 'volume')).not.toMatch(/differences|wrong|corrupt|invalid/i);
      for (const [path, bytes] of [
        ['boot/kernel.elf', Buffer.from(KERNEL)],
        ['boot/grub/grub.cfg', Buffer.from(disk.config)],
        ['EFI/BOOT/BOOTX64.EFI', part(disk, 'efi-loader')],
      ] as const) {
        ask('mcopy', '-n', '-i', 'disk@@2M', `::/${path}`, 'copy');
        expect(bytes.equals(await readFile(join(folder, 'copy')))).toBe(true);
        await rm(join(folder, 'copy'));
      }
      expect(ask('qemu-img', 'check', 'qcow2')).toContain('No errors were found');
      expect(ask('qemu-img', 'compare', 'qcow2', 'disk')).toContain('Images are identical');
      const bytes = await readFile(join(folder, 'disk'));
      const core = part(disk, 'core-image');
      expect(bytes.subarray(0, 440).equals(part(disk, 'boot-image').subarray(0, 440))).toBe(true);
      expect(bytes.subarray(1 << 20, (1 << 20) + core.length).equals(core)).toBe(true);
    },
  );

  itWith(
    [...GRUB_TOOLS, 'sgdisk'],
    'a disk for one firmware has what that firmware needs and no more',
    async () => {
      const [bios, uefi] = [
        await buildGrubBiosDisk(await options()),
        await buildGrubUefiDisk(await options()),
      ];
      expect(bios.parts.map(({ name }) => name)).toEqual(['boot.img', 'core.img']);
      expect(uefi.parts.map(({ name }) => name)).toEqual(['BOOTX64.EFI']);
      await write('bios', bios.image);
      await write('uefi', uefi.image);
      expect(ask('sgdisk', '--verify', '--print', 'bios')).toMatch(
        /No problems[\s\S]* 1 .* EF02 [\s\S]* 2 .* 0700 /,
      );
      expect(ask('sgdisk', '--verify', '--print', 'uefi')).toMatch(/No problems[\s\S]*\n +1 .* EF00 .*\n$/);
      expect((await readFile(join(folder, 'uefi'))).subarray(0, 440).every((byte) => byte === 0)).toBe(true);
      expect(ask('mdir', '-/', '-b', '-i', 'bios@@2M', '::')).not.toContain('EFI');
    },
  );

  itWith(
    [...GRUB_TOOLS, 'objdump'],
    'objdump finds that the loader of the disks is an EFI application',
    async () => {
      const disk = await buildGrubDisk(await options());
      await writeFile(join(folder, 'loader'), part(disk, 'efi-loader'));
      const said = ask('objdump', '--all-headers', 'loader');
      expect(said).toContain('pei-x86-64');
      expect(said).toMatch(/Subsystem\s+0000000a\s+\(EFI application\)/);
      expect(disk.grubVersion).toMatch(/^2\.\d/);
    },
  );

  itWith(GRUB_TOOLS, 'a disk of a bad size, date or configuration is refused', async () => {
    const given = await options();
    const data = { kind: 'data' };
    await expect(buildGrubDisk({ ...given, size: 7 << 20 })).rejects.toMatchObject({
      code: 'bad-place',
      ...data,
    });
    await expect(buildGrubDisk({ ...given, epoch: -1 })).rejects.toMatchObject({ code: 'bad-epoch' });
    await expect(buildGrubIso({ ...given, config: '\0' })).rejects.toMatchObject({ code: 'bad-grub-config' });
    await expect(buildGrubIso({ ...given, kernel: new Uint8Array(9) })).rejects.toMatchObject({
      code: 'kernel-not-elf',
    });
  });
});
