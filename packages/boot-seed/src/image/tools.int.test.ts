// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutChunks } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { writeFileAtomic } from '@latticra/held-files';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { buildBootDisk } from './disk.js';
import { buildBootIso } from './iso.js';
import { IMAGE_PATH } from './names.js';

const KERNEL = setBuildId(PREBUILT_PARTS.kernel, 'tools-test');
const env = {
  PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  LC_ALL: 'C',
  TZ: 'UTC',
  MTOOLSRC: '/dev/null',
};

let folder: string;
const file = (name: string) => join(folder, name);

/** Runs a tool that has to find everything in order; returns what it says. */
function ask(tool: string, ...argv: string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, argv, { env, encoding: 'utf8', cwd: folder });
  expect({ tool, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ tool, status: 0, said: '' });
  return stdout + stderr;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-tools-'));
  const { disk, esp } = buildBootDisk({ kernel: KERNEL, size: 64 << 20 });
  const write = (name: string, layout: Parameters<typeof layoutChunks>[0]) =>
    writeFileAtomic(file(name), layoutChunks(layout));
  await write('seed.iso', buildBootIso({ kernel: KERNEL }));
  await write('disk.raw', disk);
  await write('disk.qcow2', encodeQcow2(disk));
  await write('huge.qcow2', encodeQcow2(buildBootDisk({ kernel: KERNEL, size: 65536 * 2 ** 20 }).disk));
  await write('esp.raw', esp);
  await writeFile(file('kernel.elf'), KERNEL);
  await writeFile(file('BOOTX64.EFI'), PREBUILT_PARTS.uefiLoader);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the kernel', () => {
  itWith(['grub-file'], 'grub-file takes the kernel for Multiboot 1 and 2', () => {
    ask('grub-file', '--is-x86-multiboot', 'kernel.elf');
    ask('grub-file', '--is-x86-multiboot2', 'kernel.elf');
  });

  itWith(['readelf'], 'readelf finds that the kernel is a sound ELF file', () => {
    const said = ask('readelf', '--all', '--wide', 'kernel.elf');
    expect(said).toContain('.latticra.build_id');
    expect(said).not.toMatch(/warning|error|corrupt/i);
  });
});

describe('the UEFI loader', () => {
  itWith(
    ['objdump'],
    'objdump finds that the UEFI loader is an EFI application with sections and relocations',
    () => {
      const said = ask('objdump', '--all-headers', 'BOOTX64.EFI');
      expect(said).toContain('pei-x86-64');
      expect(said).toMatch(/Subsystem\s+0000000a\s+\(EFI application\)/);
      for (const section of ['.text', '.data', '.reloc']) expect(said).toContain(section);
    },
  );
});

describe('the ISO', () => {
  itWith(
    ['xorriso'],
    'xorriso finds that the ISO starts by BIOS and by UEFI, and reads back the same files',
    async () => {
      const said = ask(
        'xorriso',
        '-indev',
        'seed.iso',
        '-report_el_torito',
        'plain',
        '-report_system_area',
        'plain',
      );
      expect(said).toMatch(/El Torito boot img :\s+1\s+BIOS\s+y\s+none\s+0x0000\s+0x00\s+4\s/);
      expect(said).toMatch(/El Torito boot img :\s+2\s+UEFI\s+y\s+none\s/);
      expect(said).toMatch(/System area summary: MBR protective-msdos-label cyl-align-off GPT/);
      expect(said).toMatch(/GPT partition path :\s+1\s+\/boot\/esp\.img/);
      expect(said).not.toMatch(/WARNING|FAILURE|SORRY|FATAL/);
      ask('xorriso', '-osirrox', 'on', '-indev', 'seed.iso', '-extract', `/${IMAGE_PATH.kernel}`, 'from-iso');
      ask(
        'xorriso',
        '-osirrox',
        'on',
        '-indev',
        'seed.iso',
        '-extract',
        `/${IMAGE_PATH.esp}`,
        'esp-from-iso',
      );
      expect(await readFile(file('from-iso'))).toEqual(Buffer.from(KERNEL));
      ask('fsck.vfat', '-n', 'esp-from-iso');
    },
  );

  itWith(['isoinfo'], 'isoinfo lists the files of the ISO', () => {
    const said = ask('isoinfo', '-R', '-f', '-i', 'seed.iso').split('\n');
    for (const path of Object.values(IMAGE_PATH)) expect(said).toContain(`/${path}`);
  });

  itWith(['sgdisk'], 'sgdisk finds the GPT of the ISO sound', () => {
    expect(ask('sgdisk', '--verify', 'seed.iso')).toContain('No problems found');
  });
});

describe('the disk', () => {
  itWith(['sgdisk'], 'sgdisk finds the GPT of the disk sound', () => {
    expect(ask('sgdisk', '--verify', 'disk.raw')).toMatch(/^\s*No problems found/);
  });

  itWith(
    ['fsck.vfat', 'mdir', 'mcopy'],
    'fsck and mtools find the FAT volume of the disk sound',
    async () => {
      expect(ask('fsck.vfat', '-n', 'esp.raw')).not.toMatch(/differences|wrong|corrupt|invalid/i);
      expect(ask('mdir', '-/', '-b', '-i', 'disk.raw@@2M', '::')).toContain('::/EFI/BOOT/BOOTX64.EFI');
      ask('mcopy', '-i', 'disk.raw@@2M', `::/${IMAGE_PATH.kernel}`, 'from-fat');
      expect(await readFile(file('from-fat'))).toEqual(Buffer.from(KERNEL));
    },
  );

  itWith(['qemu-img'], 'qemu-img finds that the qcow2 file is the same disk', () => {
    expect(ask('qemu-img', 'check', 'disk.qcow2')).toContain('No errors were found');
    expect(ask('qemu-img', 'compare', 'disk.qcow2', 'disk.raw')).toContain('Images are identical');
    expect(ask('qemu-img', 'check', 'huge.qcow2')).toContain('No errors were found');
  });
});
