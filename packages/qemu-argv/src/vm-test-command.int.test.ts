// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytesSource, layoutSource, readBytes } from '@latticra/disk-image';
import { inspect } from '@latticra/disk-image/inspect';
import { layoutIso, planIso } from '@latticra/disk-image/iso9660';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { biosGuest, GUEST_EXIT_CODE, uefiGuest } from '../../../tools/testing/guest.js';
import { itWith } from '../../../tools/testing/tools.js';
import { type VmTestRequest, vmTestCommand } from './index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-printed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const TEXT = '\r\nLATTICRA_TEST_GUEST\r\n';

function put(path: string, bytes: Uint8Array): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, bytes);
}

/** Runs the printed line as an operator would, in the folder that its paths are relative to. */
function runPrinted(
  changes: Partial<VmTestRequest> & { readonly imagePath: string; readonly serialLog: string },
) {
  const bytes = readFileSync(join(folder, changes.imagePath));
  const document = vmTestCommand({
    manifestPath: 'm.toml',
    imageFormat: 'raw',
    image: {
      measurement: { size: bytes.length, sha256: '0'.repeat(64) },
      inspection: inspect(bytesSource(bytes)),
    },
    firmware: { kind: 'seabios' },
    memoryMib: 256,
    cpus: 1,
    ...changes,
  });
  const line = document.fields.find(({ key }) => key === 'qemu_test_command')?.value ?? '';
  expect(line).toMatch(/^qemu-system-x86_64 /);
  const run = spawnSync('/bin/sh', ['-c', line], { cwd: folder, encoding: 'utf8', timeout: 50_000 });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: GUEST_EXIT_CODE, stderr: '' });
  return readFileSync(join(folder, changes.serialLog), 'latin1');
}

describe('the printed command', () => {
  for (const name of [
    'plain.img',
    '-leading.img',
    'fo:o, bar=1,readonly=off.img',
    'it\'s $HOME `id` "quoted" \\n & ;.img',
    'Übersicht/日本 語,,.img',
  ]) {
    itWith(['qemu-system-x86_64'], `the printed command boots ${name}, and logs beside it`, () => {
      put(name, biosGuest(TEXT));
      expect(runPrinted({ imagePath: name, serialLog: `logs of ${name}/serial,1.log` })).toContain(TEXT);
    });
  }

  itWith(['qemu-system-x86_64'], 'a guest may write to its disk, and the image stays as it is', () => {
    const image = biosGuest(TEXT, 'exit', true);
    put('disk.img', image);
    expect(runPrinted({ imagePath: 'disk.img', serialLog: 's.log' })).toContain(TEXT);
    expect(Buffer.compare(readFileSync(join(folder, 'disk.img')), image)).toBe(0);
  });

  itWith(['qemu-system-x86_64'], 'the printed command boots a CD', () => {
    const sector = biosGuest(TEXT).subarray(0, 2048);
    const plan = planIso({
      volumeId: 'CD',
      epoch: 0,
      files: [{ path: 'boot/bios', size: sector.length }],
      boot: [{ platform: 'bios', path: 'boot/bios', loadSectors: 4 }],
    });
    const iso = layoutSource(layoutIso(plan, { files: new Map([['boot/bios', bytesSource(sector)]]) }));
    put('cd.iso', readBytes(iso, 0, iso.size));
    expect(runPrinted({ imagePath: 'cd.iso', imageFormat: 'iso', serialLog: 's.log' })).toContain(TEXT);
  });

  const CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd';
  const VARS = '/usr/share/OVMF/OVMF_VARS_4M.fd';
  for (const format of ['raw', 'qcow2'] as const) {
    itWith(
      ['qemu-system-x86_64', 'qemu-img', 'mkfs.vfat', 'mmd', 'mcopy', CODE, VARS],
      `the printed command boots by UEFI from ${format} files and leaves the template alone`,
      () => {
        put('BOOTX64.EFI', uefiGuest(TEXT));
        const run = (name: string, ...args: string[]) => execFileSync(name, args, { cwd: folder });
        put('esp.img', new Uint8Array(4 << 20));
        run('mkfs.vfat', 'esp.img');
        run('mmd', '-i', 'esp.img', '::/EFI', '::/EFI/BOOT');
        run('mcopy', '-i', 'esp.img', 'BOOTX64.EFI', '::/EFI/BOOT/BOOTX64.EFI');
        run('qemu-img', 'convert', '-O', format, CODE, 'code.fd');
        run('qemu-img', 'convert', '-O', format, VARS, 'vars, 1.fd');
        const digest = () =>
          createHash('sha256')
            .update(readFileSync(join(folder, 'vars, 1.fd')))
            .digest('hex');
        const before = digest();
        const log = runPrinted({
          imagePath: 'esp.img',
          serialLog: 's.log',
          firmware: {
            kind: 'uefi',
            code: 'code.fd',
            codeFormat: format,
            codeExists: true,
            vars: 'vars, 1.fd',
            varsFormat: format,
            requiresSmm: false,
          },
        });
        expect(log).toContain(TEXT);
        expect(digest()).toBe(before);
      },
    );
  }
});
