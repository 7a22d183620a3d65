// SPDX-License-Identifier: Apache-2.0
import { formatDocument } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { booted, measured, qemu, uefi } from '../test/observation.js';
import { assertBoot, type BootObservation, type QemuFacts, smokeReport, VmRunError } from './index.js';

const inQemu = booted;
const inV86: BootObservation = {
  ...booted,
  emulator: 'v86',
  screenshotPath: '/out/screenshot.txt',
  qemu: undefined,
};
const expected = { sentinel: 'SEED_OK', buildIdPrefix: 'ID ', buildId: 'one', exitCode: 33 };
const choice = { image: { path: 'seed.iso', format: 'iso' }, outputDir: 'out' } as const;

const failures: [code: string, changes: Partial<BootObservation>, message: RegExp][] = [
  ['exit-code', { end: { kind: 'exit', code: 0 } }, /exit code 0, expected exit code 33/],
  ['exit-code', { end: { kind: 'exit', code: 0, shutdown: 'guest-reset' } }, /guest-reset/],
  ['signal', { end: { kind: 'signal', signal: 'SIGKILL' } }, /killed by SIGKILL/],
  ['timeout', { end: { kind: 'timeout', timeoutMs: 1500 } }, /within 1\.5 s/],
  ['flood', { end: { kind: 'flood', limitBytes: 9 } }, /more than 9 bytes/],
  [
    'stopped',
    { end: { kind: 'stopped', line: 'ID one' } },
    /stopped at the line ID one, expected exit code 33/,
  ],
  ['no-sentinel', { serialLines: ['xSEED_OK', 'ID one'] }, /no line SEED_OK/],
  ['build-id', { serialLines: ['SEED_OK'] }, /expected build id one, the log has none/],
  ['build-id', { serialLines: ['SEED_OK', 'ID two'] }, /the log has two/],
  ['build-id', { serialLines: ['SEED_OK', 'ID one', 'ID two'] }, /the log has two/],
  // An old log before or after this one's.
  ['build-id', { serialLines: ['SEED_OK', 'ID old', 'LOADER', 'SEED_OK', 'ID one'] }, /the log has old/],
  ['build-id', { serialLines: ['SEED_OK', 'ID one', 'SEED_OK', 'ID '] }, /the log has ;/],
  ['repeated', { serialLines: ['SEED_OK', 'ID one', 'LOADER', 'SEED_OK', 'ID one'] }, /2 lines SEED_OK/],
  ['repeated', { serialLines: ['SEED_OK', 'ID one', 'ID one'] }, /2 lines ID one/],
  ['image-changed', { imageAfter: measured('/images/seed.iso', 'd') }, /changed during the run/],
];

describe('assertBoot', () => {
  it('is content with a boot that did all of it', () => {
    expect(() => assertBoot(inQemu, expected)).not.toThrow();
    expect(() => assertBoot(inV86, expected)).not.toThrow();
  });

  it.each(failures)('says %s', (code, changes, message) => {
    for (const boot of [inQemu, inV86]) {
      const check = () => assertBoot({ ...boot, ...changes }, expected);
      expect(check).toThrow(VmRunError);
      expect(check).toThrow(message);
      expect(check).toThrow(expect.objectContaining({ code, kind: 'unfulfilled' }));
    }
  });

  it.each<[string, Partial<QemuFacts>]>([
    ['/fw/CODE.fd', { firmwareAfter: { ...uefi, code: measured('/fw/CODE.fd', 'd') } }],
    ['/fw/VARS.fd', { firmwareAfter: { ...uefi, vars: measured('/fw/VARS.fd', 'd') } }],
    [
      '/fw/bios.bin',
      {
        firmware: { kind: 'seabios', code: measured('/fw/bios.bin', 'c') },
        firmwareAfter: { kind: 'seabios', code: measured('/fw/bios.bin', 'd') },
      },
    ],
  ])('says firmware-changed for %s', (path, changes) => {
    const boot = { ...inQemu, qemu: { ...qemu, ...changes } };
    const named = expect.objectContaining({
      code: 'firmware-changed',
      message: expect.stringContaining(`${path} changed during the run`),
    });
    expect(() => assertBoot(boot, expected)).toThrow(named);
    expect(() => smokeReport(choice, boot, expected)).toThrow(named);
  });

  it('has nothing against a SeaBIOS that nobody named', () => {
    const seabios = { kind: 'seabios' } as const;
    const boot = { ...inQemu, qemu: { ...qemu, firmware: seabios, firmwareAfter: seabios } };
    expect(() => assertBoot(boot, expected)).not.toThrow();
  });

  it('has a machine without isa-debug-exit stopped at its build id, and nowhere else', () => {
    const stopped = (line: string): BootObservation => ({ ...inQemu, end: { kind: 'stopped', line } });
    const waiting = { ...expected, exitCode: 'stopped' } as const;
    expect(() => assertBoot(stopped('ID one'), waiting)).not.toThrow();
    expect(() => assertBoot(stopped('SEED_OK'), waiting)).toThrow(
      /at the line SEED_OK, expected it to reach ID one/,
    );
    expect(() => assertBoot(inQemu, waiting)).toThrow(expect.objectContaining({ code: 'exit-code' }));
    const silent = { ...stopped('ID one'), serialLines: ['ID one'] };
    expect(() => assertBoot(silent, waiting)).toThrow(expect.objectContaining({ code: 'no-sentinel' }));
  });

  it('shows the end of the log on one line, without controls', () => {
    const boot = { ...inQemu, serialLines: ['one', '', 'two\u0007\u009b', 'three', 'x'.repeat(500)] };
    const message = /last lines: two\?\? \/ three \/ x{200}$/;
    expect(() => assertBoot(boot, expected)).toThrow(message);
  });
});

describe('smokeReport', () => {
  it('does not exist for a boot that failed', () => {
    for (const [, changes] of failures) {
      expect(() => smokeReport(choice, { ...inQemu, ...changes }, expected)).toThrow(VmRunError);
    }
  });

  it('is this document for a run in QEMU, to the letter', () => {
    expect(formatDocument(smokeReport(choice, inQemu, expected))).toBe(`LATTICRA BOOT SEED QEMU SMOKE
smoke_status=ok
latticra_boot_seed_qemu_smoke_script_present=1
boot_seed_iso_path=seed.iso
boot_seed_vm_image_path=none
boot_seed_qemu_boot_source=iso
boot_seed_smoke_emulator=qemu
emulator_version=0.5
qemu_system_x86_64_path=/usr/bin/qemu-system-x86_64
qemu_machine_resolved=pc-q35-7.2
qemu_accelerator=tcg
firmware=uefi
uefi_firmware_path=/fw/CODE.fd
uefi_firmware_sha256=sha256:${'c'.repeat(64)}
qemu_argv_record_path=out/qemu-argv.txt
qemu_exit_code=33
boot_duration_ms=120
serial_log_path=out/serial.log
serial_log_sha256=sha256:${'b'.repeat(64)}
qemu_log_path=out/qemu.log
screenshot_path=none
image_sha256_before=sha256:${'a'.repeat(64)}
image_sha256_after=sha256:${'a'.repeat(64)}
image_unchanged=1
boot_seed_serial_sentinel=SEED_OK
boot_seed_build_id_matched=1
boot_seed_qemu_serial_sentinel_recorded=1
boot_seed_embedded_smoke_ready=0
boot_seed_qemu_smoke_ready=1
qemu_run_performed=1
usb_write_execution_allowed=0
usb_write_executed=0
qemu_execution_allowed_by_guard=0
host_mutation_performed=0
hardware_install_ready=0
full_os_install_ready=0
bootable_os_ready=0
production_os_claim=0
`);
  });

  it('sets no flag of QEMU for a run in v86', () => {
    const disk = { ...choice, image: { path: 'seed.qcow2', format: 'qcow2' } } as const;
    const fields = smokeReport(disk, inV86, expected).fields;
    const ones = fields
      .filter(({ key, value }) => key.includes('qemu_') && value === '1')
      .map(({ key }) => key);
    expect(ones).toEqual(['latticra_boot_seed_qemu_smoke_script_present']);
    expect(Object.fromEntries(fields.map(({ key, value }) => [key, value]))).toMatchObject({
      boot_seed_iso_path: 'none',
      boot_seed_vm_image_path: 'seed.qcow2',
      boot_seed_qemu_boot_source: 'disk',
      boot_seed_embedded_smoke_ready: '1',
      qemu_exit_code: 'none',
      firmware: 'none',
      screenshot_path: 'out/screenshot.txt',
    });
  });
});
