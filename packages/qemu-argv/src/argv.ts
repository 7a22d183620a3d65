// SPDX-License-Identifier: Apache-2.0
import { formatOptions, imageFile } from './options.js';

/** The x86 machines by the names this project uses: QEMU's moving aliases `pc` and `q35`. */
export type MachineName = 'pc-i440fx' | 'q35';

/** How the image reaches the machine: optical drive, USB stick on xHCI, or virtio disk. */
export type Attachment = 'cdrom' | 'usb' | 'disk';

/** How the bytes of the image are laid out; an ISO is raw. */
export type DiskFormat = 'raw' | 'qcow2';

/** What starts the machine. */
export type MachineFirmware =
  /** `code`: the SeaBIOS image to start; the one that QEMU has where none is named. */
  | { readonly kind: 'seabios'; readonly code?: string }
  | {
      readonly kind: 'uefi';
      readonly code: string;
      /** Raw where it is not said. */
      readonly codeFormat?: DiskFormat;
      /** The variable store. The firmware writes to it. */
      readonly vars: string;
      /** Raw where it is not said. */
      readonly varsFormat?: DiskFormat;
      /** `private`: `vars` is a copy made for this run. `snapshot`: QEMU keeps the writes to itself. */
      readonly varsAccess: 'private' | 'snapshot';
      /** Code built for system management mode, as secure boot is. */
      readonly requiresSmm: boolean;
    };

/** One virtual machine with one image, whose file it cannot write to. */
export interface QemuMachine {
  readonly machine: MachineName;
  readonly firmware: MachineFirmware;
  readonly image: { readonly path: string; readonly format: DiskFormat };
  readonly attach: Attachment;
  /**
   * `readonly`, unless given: the machine cannot write to the image. `snapshot`: it can, and QEMU keeps that to itself and
   * throws it away; systems that mount their root for writing need it. A disc in an optical drive is read-only either way.
   */
  readonly imageAccess?: 'readonly' | 'snapshot';
  readonly memoryMib: number;
  readonly cpus: number;
  /** File that COM1 is written to; its folder has to be there. */
  readonly serialLog: string;
  /**
   * Whether the guest can end QEMU through isa-debug-exit at port 0xf4 (it can unless this is false). Without
   * it that write goes nowhere, and a guest that then halts keeps its screen.
   */
  readonly debugExit?: boolean;
  /**
   * Descriptor of a connected socket for QMP. The machine then starts paused until `cont`, and stays, paused,
   * when the guest shuts down, so that there is still a screen to look at.
   */
  readonly qmpFd?: number;
}

const MACHINE: Record<MachineName, string> = { 'pc-i440fx': 'pc', q35: 'q35' };

function firmwareArgv(firmware: MachineFirmware): string[] {
  // The value of -bios is a bare file name: no options, so no doubled commas.
  if (firmware.kind === 'seabios') return firmware.code === undefined ? [] : ['-bios', firmware.code];
  const flash = (unit: number, file: string, format: DiskFormat, access: string) => [
    '-drive',
    formatOptions(
      ['if', 'pflash'],
      ['unit', unit],
      ['format', format],
      ...(access === '' ? [] : [[access, 'on'] as const]),
      ['file', imageFile(file)],
    ),
  ];
  return [
    ...flash(0, firmware.code, firmware.codeFormat ?? 'raw', 'readonly'),
    ...flash(
      1,
      firmware.vars,
      firmware.varsFormat ?? 'raw',
      firmware.varsAccess === 'snapshot' ? 'snapshot' : '',
    ),
    // Without this the guest could write the store of a secure-boot build around its checks.
    ...(firmware.requiresSmm ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
  ];
}

function imageArgv({ image, attach, imageAccess = 'readonly' }: QemuMachine): string[] {
  const drive = formatOptions(
    ['if', 'none'],
    ['id', 'boot'],
    ['format', image.format],
    [attach === 'cdrom' ? 'readonly' : imageAccess, 'on'],
    ...(attach === 'cdrom' ? [['media', 'cdrom'] as const] : []),
    ['file', imageFile(image.path)],
  );
  // bootindex is the one order that both SeaBIOS and OVMF keep to; IDE disks refuse to be read-only.
  const device: Record<Attachment, string[]> = {
    cdrom: ['-device', 'ide-cd,drive=boot,bootindex=0'],
    usb: [
      '-device',
      'qemu-xhci,id=xhci',
      '-device',
      'usb-storage,bus=xhci.0,drive=boot,bootindex=0,removable=on',
    ],
    disk: ['-device', 'virtio-blk-pci,drive=boot,bootindex=0'],
  };
  return ['-drive', drive].concat(device[attach]);
}

/**
 * Returns the arguments that QEMU (7.0 and later) gets after its program name, for any paths: no configuration
 * and no devices but these, no network, no window, no restart, one read-only image, COM1 in a file, and (see
 * `debugExit`) isa-debug-exit, by which a guest ends the machine with exit code `((v << 1) | 1) & 0xff`.
 *
 * @example
 * import { qemuArgv } from '@latticra/qemu-argv';
 *
 * const argv = qemuArgv({
 *   machine: 'q35',
 *   firmware: { kind: 'seabios' },
 *   image: { path: 'os.iso', format: 'raw' },
 *   attach: 'cdrom',
 *   memoryMib: 512,
 *   cpus: 1,
 *   serialLog: 'serial.log',
 * });
 * console.log(argv.join(' '));
 */
export function qemuArgv(machine: QemuMachine): string[] {
  const smm = machine.firmware.kind === 'uefi' && machine.firmware.requiresSmm;
  // /dev/kvm may be there and hang; software emulation is the same everywhere.
  const type = `${MACHINE[machine.machine]},accel=tcg${smm ? ',smm=on' : ''}`;
  const serial = formatOptions('file', ['id', 'serial0'], ['path', machine.serialLog]);
  // Put together without spreading each pair: thousands of records are held against it, and V8 compiles all of that.
  return ['-nodefaults', '-no-user-config', '-machine', type].concat(
    ['-m', `${machine.memoryMib}M`, '-smp', `${machine.cpus}`],
    ['-nic', 'none', '-vga', 'std', '-display', 'none', '-no-reboot'],
    firmwareArgv(machine.firmware),
    imageArgv(machine),
    ['-chardev', serial, '-serial', 'chardev:serial0'],
    machine.debugExit === false ? [] : ['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'],
    machine.qmpFd === undefined ? [] : qmpArgv(machine.qmpFd),
  );
}

function qmpArgv(fd: number): string[] {
  return ['-chardev', `socket,id=qmp,fd=${fd},server=off`, '-mon', 'chardev=qmp,mode=control'].concat(
    ['-action', 'shutdown=pause'],
    '-S',
  );
}
