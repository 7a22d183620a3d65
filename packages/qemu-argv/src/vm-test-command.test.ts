// SPDX-License-Identifier: Apache-2.0
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { ShellWordError } from '@latticra/shell-words';
import { describe, expect, it } from 'vitest';
import { type VmTestRequest, vmTestCommand } from './index.js';

const request: VmTestRequest = {
  manifestPath: 'installer/manifests/latticra-os-image-release.toml',
  imagePath: 'a b.qcow2',
  imageFormat: 'qcow2',
  image: { size: 196608, sha256: 'ab'.repeat(32) },
  firmware: { kind: 'seabios' },
  memoryMib: 2048,
  cpus: 2,
  serialLog: 'reports/latticra-os-image-vm-serial.log',
};
const uefi = {
  kind: 'uefi',
  code: '/fw/CODE.fd',
  codeExists: true,
  vars: '/fw/VARS.fd',
  requiresSmm: false,
} as const;
const valuesOf = (changes: Partial<VmTestRequest>) =>
  Object.fromEntries(vmTestCommand({ ...request, ...changes }).fields.map(({ key, value }) => [key, value]));

describe('vmTestCommand', () => {
  it('the VM test command document is this one, to the letter', () => {
    const text = formatDocument(vmTestCommand(request));
    expect(text).toBe(`LATTICRA OS IMAGE VM TEST COMMAND TEMPLATE
template_status=ok
latticra_os_image_vm_test_command_template_present=1
template_mode=no-effect-command-generator
template_decision=operator-review-required-no-qemu-execution
manifest_path=installer/manifests/latticra-os-image-release.toml
image_path=a b.qcow2
image_format=qcow2
image_exists=1
image_size_bytes=196608
image_measurement=sha256:${'ab'.repeat(32)}
firmware=seabios
qemu_machine=pc-i440fx
memory_mib=2048
cpus=2
serial_log_path=reports/latticra-os-image-vm-serial.log
uefi_ovmf_required=0
uefi_firmware_path=not-required
uefi_firmware_exists=0
uefi_vars_template_path=not-required
vm_test_command_ready=1
qemu_test_command=qemu-system-x86_64 $(mkdir -p -- reports) -nodefaults -no-user-config -machine 'pc,accel=tcg' -m 2048M -smp 2 -nic none -vga std -display none -no-reboot -drive 'if=none,id=boot,format=qcow2,readonly=on,file=a b.qcow2' -device 'virtio-blk-pci,drive=boot,bootindex=0' -chardev 'file,id=serial0,path=reports/latticra-os-image-vm-serial.log' -serial chardev:serial0 -device 'isa-debug-exit,iobase=0xf4,iosize=0x04'
checksum_verification_required=1
serial_console_boot_log_required=1
read_only_vm_evidence_required=1
operator_recovery_path_required=1
usb_write_execution_allowed=0
usb_write_executed=0
qemu_execution_allowed_by_guard=0
qemu_run_performed=0
qemu_boot_execution_recorded=0
firmware_mutation_performed=0
host_mutation_performed=0
hardware_install_ready=0
full_os_install_ready=0
bootable_os_ready=0
production_os_claim=0
`);
    expect(formatDocument(parseDocument(text))).toBe(text);
  });

  it('the document names the UEFI firmware that is there', () => {
    const values = valuesOf({ firmware: uefi });
    expect(values).toMatchObject({
      qemu_machine: 'q35',
      uefi_ovmf_required: '1',
      uefi_firmware_path: '/fw/CODE.fd',
      uefi_firmware_exists: '1',
      uefi_vars_template_path: '/fw/VARS.fd',
      vm_test_command_ready: '1',
    });
    expect(values.qemu_test_command).toContain('unit=1,format=raw,snapshot=on,file=/fw/VARS.fd');
  });

  it.each<[string, Partial<VmTestRequest>]>([
    ['the image', { image: undefined }],
    ['the firmware', { firmware: { ...uefi, code: undefined, codeExists: false, vars: undefined } }],
    ['the firmware that was named', { firmware: { ...uefi, codeExists: false } }],
    ['the variable store', { firmware: { ...uefi, vars: undefined } }],
  ])('the VM test command is not ready without %s', (_, changes) => {
    const values = valuesOf(changes);
    expect(values.vm_test_command_ready).toBe('0');
    expect(Object.values(values).some((value) => value === 'missing' || value === '0')).toBe(true);
  });

  it('the document names what is missing', () => {
    const values = valuesOf({
      image: undefined,
      firmware: { ...uefi, code: undefined, codeExists: false, vars: undefined },
    });
    expect(values).toMatchObject({
      image_exists: '0',
      image_size_bytes: 'missing',
      image_measurement: 'missing',
      uefi_firmware_path: 'missing',
      uefi_firmware_exists: '0',
      uefi_vars_template_path: 'missing',
    });
  });

  it.each(['a\nb.img', 'a\u001b[2J.img', 'a\tb', 'a\0b'])('a path %j is refused', (imagePath) => {
    expect(() => vmTestCommand({ ...request, imagePath })).toThrow(ShellWordError);
    expect(() => vmTestCommand({ ...request, serialLog: imagePath })).toThrow(ShellWordError);
  });
});
