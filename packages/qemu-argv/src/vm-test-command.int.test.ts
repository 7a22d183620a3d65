// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
function runPrinted(changes: Partial<VmTestRequest> & Pick<VmTestRequest, 'imagePath' | 'serialLog'>) {
  const document = vmTestCommand({
    manifestPath: 'm.toml',
    imageFormat: 'raw',
    image: { size: 1 << 20, sha256: '0'.repeat(64) },
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

  itWith(['qemu-system-x86_64'], 'the printed command boots the same image as a CD', () => {
    // El Torito: the boot record in sector 17 leads to the catalog in 18, its entry to the boot sector in 19.
    const sector = (index: number) => index * 2048;
    const iso = new Uint8Array(sector(20));
    iso.set(Buffer.from('\x01CD001\x01', 'latin1'), sector(16));
    iso.set(Buffer.from('\x00CD001\x01EL TORITO SPECIFICATION', 'latin1'), sector(17));
    iso.set([18], sector(17) + 0x47);
    iso.set([1], sector(18));
    iso.set([0xaa, 0x55, 0x55, 0xaa], sector(18) + 28);
    iso.set([0x88, 0, 0, 0, 0, 0, 4, 0, 19], sector(18) + 32);
    iso.set(biosGuest(TEXT).subarray(0, 512), sector(19));
    put('cd.iso', iso);
    expect(runPrinted({ imagePath: 'cd.iso', imageFormat: 'iso', serialLog: 's.log' })).toContain(TEXT);
  });

  const CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd';
  const VARS = '/usr/share/OVMF/OVMF_VARS_4M.fd';
  itWith(
    ['qemu-system-x86_64', 'mkfs.vfat', 'mmd', 'mcopy', CODE, VARS],
    'the printed command boots by UEFI and leaves the template alone',
    () => {
      put('BOOTX64.EFI', uefiGuest(TEXT));
      const run = (name: string, ...args: string[]) => execFileSync(name, args, { cwd: folder });
      put('esp.img', new Uint8Array(4 << 20));
      run('mkfs.vfat', 'esp.img');
      run('mmd', '-i', 'esp.img', '::/EFI', '::/EFI/BOOT');
      run('mcopy', '-i', 'esp.img', 'BOOTX64.EFI', '::/EFI/BOOT/BOOTX64.EFI');
      copyFileSync(VARS, join(folder, 'vars, 1.fd'));
      const digest = () =>
        createHash('sha256')
          .update(readFileSync(join(folder, 'vars, 1.fd')))
          .digest('hex');
      const before = digest();
      const log = runPrinted({
        imagePath: 'esp.img',
        serialLog: 's.log',
        firmware: { kind: 'uefi', code: CODE, codeExists: true, vars: 'vars, 1.fd', requiresSmm: false },
      });
      expect(log).toContain(TEXT);
      expect(digest()).toBe(before);
    },
  );
});
