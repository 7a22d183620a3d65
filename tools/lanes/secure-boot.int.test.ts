// SPDX-License-Identifier: Apache-2.0
/** A system whose unified kernel image was signed, and the same unsigned, on a machine that trusts the key: two records of a matrix. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { program as matrixProgram } from '../../apps/boot-matrix/src/program.js';
import { lane as buildLane } from '../../apps/os-image-build/src/lane.js';
import { documentValues, tryLane } from '../testing/lane.js';
import { buildLister, LISTING_TOOLS } from '../testing/linux-system/listing.js';
import { SMALL_SYSTEM_TOOLS, smallSystem } from '../testing/linux-system/small.js';
import { describeWith, itWith } from '../testing/tools.js';

/** Debian's firmware with the key of its own tests, which whoever has Debian has. */
const FIRMWARE = {
  code: '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd',
  vars: '/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd',
};
const SNAKEOIL = {
  key: '/usr/share/ovmf/PkKek-1-snakeoil.key',
  certificate: '/usr/share/ovmf/PkKek-1-snakeoil.pem',
};
const TOOLS = [
  ...[...SMALL_SYSTEM_TOOLS, ...LISTING_TOOLS, 'qemu-system-x86_64', 'sbsign', 'openssl'],
  ...[...Object.values(FIRMWARE), ...Object.values(SNAKEOIL)],
];
const TIME_LIMIT = 400_000;

/** Such as an administrator writes for firmware with keys of their own (QEMU, docs/interop/firmware.json). */
const DESCRIPTOR = {
  description: 'UEFI firmware that trusts the key of this test',
  'interface-types': ['uefi'],
  mapping: {
    device: 'flash',
    executable: { filename: FIRMWARE.code, format: 'raw' },
    'nvram-template': { filename: FIRMWARE.vars, format: 'raw' },
  },
  targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
  features: ['enrolled-keys', 'requires-smm', 'secure-boot'],
  tags: [],
};

const matrix = (folder: string, expected: 'boot' | 'refusal') => `schema = "latticra.boot-matrix/v0.1"
timeout_seconds = 300
memory_mib = 512
[expect]
prompt = "login: "
build_id = "secure.1"
[machines.trusting]
machine = "q35"
firmware = "uefi-secure-boot"
expect = "${expected}"
[images.disk]
path = "${folder}/latticra-x86_64.qcow2"
format = "qcow2"
attach = ["disk"]
`;

/** Only where it is refused: the kernel has no driver for a CD on this machine. */
const UNSIGNED_ISO = `[images.iso]
path = "unsigned/latticra-x86_64.iso"
format = "iso"
attach = ["cdrom", "usb"]
`;

describeWith(TOOLS, 'a small system on a machine with Secure Boot', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const build = async (output: string, ...more: string[]) => {
    const inputs = ['--kernel', kernel, '--initramfs', 'initrd.img', '--rootfs', 'rootfs.tar'];
    const options = ['--build-id', 'secure.1', '--output-dir', output, ...more];
    const { status, stderr } = await tryLane(buildLane, [...inputs, ...options], { cwd: folder });
    expect([status, stderr]).toEqual([0, '']);
  };
  const inMatrix = (name: string, ...argv: string[]) =>
    tryLane(matrixProgram.lanes[name] ?? expect.fail(`no lane ${name}`), argv, {
      cwd: folder,
      env: { ...process.env, XDG_CONFIG_HOME: at('config') },
    });
  const record = (name: string) =>
    documentValues(readFileSync(at(`${name}/disk_disk_trusting/record.txt`), 'utf8'));
  let kernel: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-secure-boot-'));
    const system = smallSystem(buildLister(folder));
    kernel = system.kernel;
    writeFileSync(at('initrd.img'), system.initramfs);
    writeFileSync(at('rootfs.tar'), system.rootfs);
    mkdirSync(at('config/qemu/firmware'), { recursive: true });
    writeFileSync(at('config/qemu/firmware/10-trusting.json'), JSON.stringify(DESCRIPTOR));
    await build('unsigned');
    const run = (program: string, ...argv: string[]) =>
      execFileSync(program, argv, { cwd: folder, stdio: 'pipe' });
    run('openssl', 'rsa', '-in', SNAKEOIL.key, '-passin', 'pass:snakeoil', '-out', 'key');
    const signing = ['--key', 'key', '--cert', SNAKEOIL.certificate, '--output', 'signed.efi'];
    run('sbsign', ...signing, 'unsigned/latticra.efi');
    await build('signed', '--signed-uki', 'signed.efi');
    writeFileSync(at('signed.toml'), matrix('signed', 'boot'));
    writeFileSync(at('unsigned.toml'), matrix('unsigned', 'refusal') + UNSIGNED_ISO);
  }, TIME_LIMIT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  itWith(
    [],
    'the signed system boots to its prompt, and its record holds in the table',
    async () => {
      const place = ['--matrix', 'signed.toml'];
      const { status, stdout, stderr } = await inMatrix('run', ...place, '--output-dir', 'booted');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^disk_disk_trusting booted /);
      expect(record('booted')).toMatchObject({
        outcome: 'booted',
        firmware: 'uefi-secure-boot',
        loader_is_ours: '1',
        kernel_is_ours: '0',
        phase_firmware_ms: expect.stringMatching(/^\d+$/),
        phase_loader_ms: expect.stringMatching(/^\d+$/),
        phase_kernel_ms: expect.stringMatching(/^\d+$/),
        phase_init_ms: expect.stringMatching(/^\d+$/),
      });
      const log = readFileSync(at('booted/disk_disk_trusting/serial.log'), 'latin1');
      expect(log).toContain('LATTICRA_LOADER uefi');
      expect(log).toContain('EFI stub: UEFI Secure Boot is enabled.');
      expect(log).toMatch(/verified root on vda/);
      const table = await inMatrix('table', ...place, '--records', 'booted');
      expect([table.status, table.stderr]).toEqual([0, '']);
      expect(table.stdout).toMatch(/^disk +disk +booted .*\n\nAll 1 cases are as expected\.\n$/m);
    },
    TIME_LIMIT,
  );

  itWith(
    [],
    'the unsigned system is refused by the firmware, and that record holds in the table, where a boot is not expected',
    async () => {
      const place = ['--matrix', 'unsigned.toml'];
      const { status, stdout, stderr } = await inMatrix('run', ...place, '--output-dir', 'refused');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout.match(/^\w+ refused /gm)).toHaveLength(3);
      expect(record('refused')).toMatchObject({
        outcome: 'refused',
        outcome_as_expected: '1',
        phase_loader_ms: 'unknown',
        phase_kernel_ms: 'unknown',
      });
      const table = await inMatrix('table', ...place, '--records', 'refused');
      expect([table.status, table.stderr]).toEqual([0, '']);
      expect(table.stdout).toMatch(/^disk +disk +refused /m);
      expect(table.stdout).toMatch(/^iso +cdrom +refused /m);
      expect(table.stdout).toMatch(/^iso +usb +refused /m);
      // The record of the unsigned one stands for no boot, nor for the signed image.
      const other = await inMatrix('table', '--matrix', 'signed.toml', '--records', 'refused');
      expect(other.status).toBe(70);
      expect(other.stdout).toMatch(/as another matrix has it/);
    },
    TIME_LIMIT,
  );
});
