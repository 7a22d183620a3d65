// SPDX-License-Identifier: Apache-2.0
import { bytesSource } from '@latticra/disk-image';
import { inspect } from '@latticra/disk-image/inspect';
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { ShellWordError } from '@latticra/shell-words';
import { describe, expect, it } from 'vitest';
import { BOOT_ISO, PLAIN_ISO, QCOW2_DISK, RAW_DISK, sha256Of } from '../../../tools/testing/images.js';
import { type InspectedImage, type VmTestRequest, vmTestCommand } from './index.js';

const inspected = (bytes: Uint8Array): InspectedImage => ({
  measurement: { size: bytes.length, sha256: sha256Of(bytes) },
  inspection: inspect(bytesSource(bytes)),
});

/** The qcow2 disk with some bytes replaced, `[offset, value]` each. */
function patched(...patches: (readonly [number, number])[]): Uint8Array {
  const bytes = Buffer.from(QCOW2_DISK);
  for (const [at, value] of patches) bytes[at] = value;
  return bytes;
}
const overlay = Buffer.from(patched([14, 1], [19, 4]));
overlay.write('base', 256, 'latin1');

const request: VmTestRequest = {
  manifestPath: 'installer/manifests/latticra-os-image-release.toml',
  imagePath: 'a b.qcow2',
  imageFormat: 'qcow2',
  image: inspected(QCOW2_DISK),
  firmware: { kind: 'seabios' },
  memoryMib: 2048,
  cpus: 2,
  serialLog: 'reports/latticra-os-image-vm-serial.log',
};
const uefi = {
  kind: 'uefi',
  code: '/fw/CODE.fd',
  codeFormat: 'raw',
  codeExists: true,
  vars: '/fw/VARS.fd',
  varsFormat: 'raw',
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
image_size_bytes=${QCOW2_DISK.length}
image_measurement=sha256:${sha256Of(QCOW2_DISK)}
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
qemu_test_command=qemu-system-x86_64 $(mkdir -p -- reports) -nodefaults -no-user-config -machine 'pc,accel=tcg' -m 2048M -smp 2 -nic none -vga std -display none -no-reboot -drive 'if=none,id=boot,format=qcow2,snapshot=on,file=a b.qcow2' -device 'virtio-blk-pci,drive=boot,bootindex=0' -chardev 'file,id=serial0,path=reports/latticra-os-image-vm-serial.log' -serial chardev:serial0 -device 'isa-debug-exit,iobase=0xf4,iosize=0x04'
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

  it.each([
    ['raw', 'if=none,id=boot,format=raw,snapshot=on,file=os.img'],
    ['qcow2', 'if=none,id=boot,format=qcow2,snapshot=on,file=os.img'],
    ['iso', 'if=none,id=boot,format=raw,readonly=on,media=cdrom,file=os.img'],
  ] as const)('the command protects an image of the format %s by %s', (imageFormat, drive) => {
    const { qemu_test_command: command } = valuesOf({ imageFormat, imagePath: 'os.img', image: undefined });
    expect(command).toContain(` -drive '${drive}' `);
  });

  it('UEFI firmware in qcow2 files is started as such', () => {
    const firmware = { ...uefi, codeFormat: 'qcow2', varsFormat: 'qcow2' } as const;
    const { qemu_test_command: command } = valuesOf({ firmware });
    expect(command).toContain('unit=0,format=qcow2,readonly=on,file=/fw/CODE.fd');
    expect(command).toContain('unit=1,format=qcow2,snapshot=on,file=/fw/VARS.fd');
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

  it.each([
    ['iso', BOOT_ISO],
    ['raw', RAW_DISK],
    ['qcow2', QCOW2_DISK],
  ] as const)('an image of %s is taken as what it is, and refused as anything else', (form, bytes) => {
    for (const imageFormat of ['iso', 'raw', 'qcow2'] as const) {
      const asked = { ...request, imageFormat, image: inspected(bytes) };
      // An ISO with a partition table is what a stick is that it was written to.
      const isStick = form === 'iso' && imageFormat === 'raw';
      if (imageFormat === form || isStick) expect(vmTestCommand(asked).title).toMatch(/VM TEST COMMAND/);
      else expect(() => vmTestCommand(asked)).toThrow(/^a b\.qcow2: found an? .*, expected an? /);
    }
  });

  it('an ISO for discs alone is no raw disk', () => {
    const asked = { ...request, imageFormat: 'raw', image: inspected(PLAIN_ISO) } as const;
    expect(() => vmTestCommand(asked)).toThrow(/found an ISO 9660 image, expected a raw disk image/);
  });

  it.each<[string, Uint8Array, RegExp, string | undefined]>([
    [
      'a backing file',
      overlay,
      /needs the backing file "base"/,
      'make it self-contained with qemu-img convert -O qcow2',
    ],
    ['the corrupt bit', patched([79, 2]), /marked as corrupt/, 'repair it with qemu-img check -r all'],
    [
      'a data file',
      patched([79, 4]),
      /external file/,
      'make it self-contained with qemu-img convert -O qcow2',
    ],
    ['a secret', patched([35, 2]), /is encrypted \(luks\)/, expect.stringContaining('--object secret')],
    ['four bytes', QCOW2_DISK.subarray(0, 4), /has 4 bytes/, 'get the file again, or make it again'],
  ])('a qcow2 image with %s is refused with what to do about it', (_, bytes, message, fix) => {
    expect(() => vmTestCommand({ ...request, image: inspected(bytes) })).toThrow(
      expect.objectContaining({
        name: 'QemuArgvError',
        code: 'bad-image',
        kind: 'data',
        message: expect.stringMatching(message),
        fix,
      }),
    );
  });

  it.each(['a\nb.img', 'a\u001b[2J.img', 'a\tb', 'a\0b'])('a path %j is refused', (imagePath) => {
    expect(() => vmTestCommand({ ...request, imagePath })).toThrow(ShellWordError);
    expect(() => vmTestCommand({ ...request, serialLog: imagePath })).toThrow(ShellWordError);
  });
});
