// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutChunks } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { writeFileAtomic } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { SEED_EXIT_CODE } from '../exit.js';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { assembleForeignKernel, FOREIGN } from '../testing/foreign-kernel.js';
import { type BootRequest, boot, OVMF } from '../testing/qemu.js';
import { buildBootDisk } from './disk.js';
import { buildBootIso } from './iso.js';

const BUILD_ID = 'boots.1';
const FIRMWARE = ['seabios', 'ovmf'] as const;
const WAYS = [
  { image: 'iso', attach: 'cdrom', format: 'raw' },
  { image: 'iso', attach: 'usb', format: 'raw' },
  { image: 'disk', attach: 'disk', format: 'qcow2' },
] as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-boot-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeImage(kind: 'iso' | 'disk', kernel: Uint8Array, commandLine: string): Promise<string> {
  const path = join(folder, kind);
  const layout =
    kind === 'iso'
      ? buildBootIso({ kernel, commandLine })
      : encodeQcow2(buildBootDisk({ kernel, commandLine, size: 64 << 20 }).disk);
  await writeFileAtomic(path, layoutChunks(layout));
  return path;
}

/** Returns the lines that our code wrote, without those of the firmware. */
const ours = (lines: readonly string[]) => lines.filter((line) => /^(LATTICRA|FOREIGN)/.test(line));
const NEEDS = { seabios: ['qemu-system-x86_64'], ovmf: ['qemu-system-x86_64', OVMF.code, OVMF.vars] };

for (const firmware of FIRMWARE) {
  const loader = firmware === 'ovmf' ? 'uefi' : 'bios';
  for (const { image, attach, format } of WAYS) {
    describe(`${image} as ${attach} under ${firmware}`, () => {
      const request = (path: string): BootRequest => ({
        ...{ folder, image: path, format, attach, firmware },
        machine: 'pc',
      });

      // Under OVMF the seed starts from the others in `pnpm boot-matrix`.
      if (firmware === 'seabios' || attach === 'cdrom')
        itWith(
          NEEDS[firmware],
          `the loaders boot the seed from ${image} as ${attach} under ${firmware}`,
          async () => {
            const path = await writeImage(image, setBuildId(PREBUILT_PARTS.kernel, BUILD_ID), '');
            const { exitCode, lines } = await boot(request(path));
            expect(ours(lines)).toEqual([
              `LATTICRA_LOADER ${loader}`,
              'LATTICRA_BOOT_SEED_OK',
              `LATTICRA_BUILD_ID ${BUILD_ID}`,
            ]);
            expect(exitCode).toBe(SEED_EXIT_CODE);
          },
        );

      itWith(
        [...NEEDS[firmware], 'as', 'ld'],
        `the loaders boot a foreign kernel of 8 MiB from ${image} as ${attach} under ${firmware}`,
        async () => {
          const kernel = assembleForeignKernel(attach === 'usb' ? 64 : 32);
          const path = await writeImage(image, kernel, FOREIGN.commandLine);
          const { exitCode, lines } = await boot({ ...request(path), machine: 'q35' });
          expect(ours(lines)).toEqual([
            `LATTICRA_LOADER ${loader}`,
            // OVMF keeps NVS memory at 8 MiB, where a kernel of this size has to lie.
            ...(firmware === 'ovmf'
              ? ['LATTICRA_LOADER_NOTE the kernel is placed over ACPI NVS memory']
              : []),
            FOREIGN.sentinel,
          ]);
          expect(exitCode).toBe(FOREIGN.exitCode);
        },
      );
    });
  }
}
