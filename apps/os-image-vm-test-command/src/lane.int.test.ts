// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RAW_DISK, sha256Of } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-vm-test-'));
  writeFileSync(join(folder, 'a b.img'), RAW_DISK);
  mkdirSync(join(folder, 'fw'));
  writeFileSync(join(folder, 'fw/OVMF_CODE.fd'), new Uint8Array(0x1e000));
  writeFileSync(join(folder, 'fw/OVMF_VARS.fd'), new Uint8Array(0x2000));
  writeFileSync(join(folder, 'fw/ALONE_CODE.fd'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd: folder, env: { HOME: folder } });
const IMAGE = ['--image', 'a b.img', '--format', 'raw'];

async function valuesOf(...argv: string[]) {
  const { status, stdout, stderr } = await run(...argv);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return documentValues(stdout);
}

describe(lane.bin, () => {
  it('the VM lane measures the image and prints a command for it', async () => {
    expect(await valuesOf(...IMAGE)).toMatchObject({
      manifest_path: expect.stringMatching(/latticra-os-image-release\.toml$/),
      image_path: 'a b.img',
      image_exists: '1',
      image_size_bytes: String(RAW_DISK.length),
      image_measurement: `sha256:${sha256Of(RAW_DISK)}`,
      qemu_machine: 'pc-i440fx',
      vm_test_command_ready: '1',
      qemu_test_command: expect.stringMatching(/^qemu-system-x86_64 .* -m 2048M -smp 2 .*file=a b\.img'/),
    });
    expect(readdirSync(folder).sort()).toEqual(['a b.img', 'fw']);
  });

  it('the VM lane is not ready without the image, and says so', async () => {
    expect(await valuesOf('--image', 'none.iso', '--format', 'iso')).toMatchObject({
      image_exists: '0',
      image_measurement: 'missing',
      vm_test_command_ready: '0',
    });
  });

  it('the VM lane pairs UEFI code that is named with its variables, where they are', async () => {
    const uefi = (code: string) =>
      valuesOf(...IMAGE, '--firmware', 'uefi', '--uefi-firmware', join(folder, code));
    expect(await uefi('fw/OVMF_CODE.fd')).toMatchObject({
      qemu_machine: 'q35',
      uefi_ovmf_required: '1',
      uefi_firmware_exists: '1',
      uefi_vars_template_path: join(folder, 'fw/OVMF_VARS.fd'),
      vm_test_command_ready: '1',
    });
    expect(await uefi('fw/ALONE_CODE.fd')).toMatchObject({
      uefi_firmware_exists: '1',
      uefi_vars_template_path: 'missing',
      vm_test_command_ready: '0',
    });
    expect(await uefi('fw/none.fd')).toMatchObject({ uefi_firmware_exists: '0', vm_test_command_ready: '0' });
  });

  it.each<[string, number, string[]]>([
    ['no image', 64, ['--format', 'raw']],
    ['an unknown format', 64, ['--image', 'a', '--format', 'vdi']],
    ['UEFI code for SeaBIOS', 64, [...IMAGE, '--uefi-firmware', 'auto']],
    ['no memory', 64, [...IMAGE, '--memory-mib', '0']],
    ['a folder', 65, ['--image', 'fw', '--format', 'raw']],
    ['a line break in a path', 65, ['--image', 'a\nb', '--format', 'raw']],
    ['an escape in the path of the log', 65, [...IMAGE, '--serial-log', 'a\u001b[2J']],
  ])('the VM lane refuses %s with status %i', async (_, expected, argv) => {
    const { status, stdout, stderr } = await run(...argv);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(/^latticra-os-image-vm-test-command: [^\n]+\n$/);
  });
});
