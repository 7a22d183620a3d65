// SPDX-License-Identifier: Apache-2.0
import { formatDocument } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { booted } from '../../test/observation.js';
import { type BootObservation, NOTHING_EXPECTED, smokeReport, VmRunError } from '../index.js';
import { systemReport } from './report.js';

const inQemu = booted;
const inV86: BootObservation = {
  ...booted,
  emulator: 'v86',
  screenshotPath: '/out/screenshot.txt',
  qemu: undefined,
};
const expected = { sentinel: 'SEED_OK', buildIdPrefix: 'ID ', buildId: 'one', exitCode: 33 };
const OURS = { loader: true, kernel: true };
const choice = { image: { path: 'seed.iso', format: 'iso' }, outputDir: 'out' } as const;

describe('systemReport', () => {
  const system = {
    ...NOTHING_EXPECTED,
    contains: ['ready'],
    patterns: ['^k'],
    prompt: 'login: ',
    buildId: 'b-1',
    forbid: ['bad'],
    forbidServices: true,
  };
  const linux: BootObservation = {
    ...booted,
    end: { kind: 'stopped', line: 'login: ' },
    serialLines: ['[    0.000000] Command line: quiet latticra.build=b-1', 'kiosk ready'],
    serialRest: 'kiosk login: ',
  };

  it('the report on another system says what it was held to, how it ended and when its parts began, to the letter', () => {
    const text = formatDocument(
      systemReport(choice, { ...linux, own: { loader: false, kernel: true } }, system),
    );
    expect(text).toContain('\nboot_seed_serial_sentinel=none\nboot_seed_build_id_matched=0\n');
    expect(text).not.toMatch(/_ready=1|sentinel_recorded=1/);
    expect(text.slice(text.indexOf('loader_is_ours'))).toBe(`loader_is_ours=0
kernel_is_ours=1

[expected]
expected_exit_code=none
expected_prompt=login: 
expected_build_id=b-1
forbid_services=1
expected_text_01=ready
expected_pattern_01=^k
forbidden_pattern_01=bad

[boot]
end=was stopped at the line login: 
phase_firmware_ms=unknown
phase_loader_ms=30
phase_kernel_ms=60
phase_init_ms=unknown
phase_end_ms=110
`);
  });

  it('the report on another system is none for a boot that failed, or that is the seed in all but its loader and kernel', () => {
    const other = { ...linux, serialRest: 'kiosk login: root' };
    expect(() => systemReport(choice, other, system)).toThrow(VmRunError);
    const boast = systemReport(choice, { ...linux, own: OURS }, system).fields;
    expect(boast.find(({ key }) => key === 'boot_seed_qemu_smoke_ready')?.value).toBe('0');
  });
});

describe('smokeReport', () => {
  it('a boot that failed has no smoke report', () => {
    const failed = { ...inQemu, serialLines: ['SEED_OK'] };
    expect(() => smokeReport(choice, failed, expected)).toThrow(VmRunError);
  });

  it('the smoke report of a run in QEMU is this document, to the letter', () => {
    expect(
      formatDocument(smokeReport(choice, { ...inQemu, own: OURS }, expected)),
    ).toBe(`LATTICRA BOOT SEED QEMU SMOKE
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
loader_is_ours=1
kernel_is_ours=1
`);
  });

  it.each([
    ['a foreign loader', { loader: false, kernel: true }],
    ['a foreign kernel', { loader: true, kernel: false }],
    ['parts that nobody looked at', undefined],
  ])('the smoke report calls nothing ready of an image with %s', (_, own) => {
    for (const observation of [inQemu, inV86]) {
      const { fields } = smokeReport(choice, { ...observation, own }, expected);
      expect(Object.fromEntries(fields.map(({ key, value }) => [key, value]))).toMatchObject({
        smoke_status: 'ok',
        boot_seed_embedded_smoke_ready: '0',
        boot_seed_qemu_smoke_ready: '0',
        loader_is_ours: own === undefined ? 'unknown' : own.loader ? '1' : '0',
        kernel_is_ours: own === undefined ? 'unknown' : own.kernel ? '1' : '0',
      });
    }
  });

  it('the smoke report of a run in v86 sets no flag of QEMU', () => {
    const disk = { ...choice, image: { path: 'seed.qcow2', format: 'qcow2' } } as const;
    const fields = smokeReport(disk, { ...inV86, own: OURS }, expected).fields;
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
