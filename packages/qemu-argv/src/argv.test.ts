// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MachineFirmware, parseOptions, type QemuMachine, qemuArgv } from './index.js';

const machine: QemuMachine = {
  machine: 'pc-i440fx',
  firmware: { kind: 'seabios' },
  image: { path: '/images/a.iso', format: 'raw' },
  attach: 'cdrom',
  memoryMib: 512,
  cpus: 1,
  serialLog: 'serial.log',
};
const uefi: MachineFirmware = {
  kind: 'uefi',
  code: '/fw/CODE.fd',
  vars: '/tmp/VARS.fd',
  varsAccess: 'private',
  requiresSmm: false,
};
/** The values given to a flag, in order. */
const valuesOf = (argv: readonly string[], flag: string) =>
  argv.flatMap((word, index) => (argv[index - 1] === flag ? [word] : []));
const drives = (changes: Partial<QemuMachine>) =>
  valuesOf(qemuArgv({ ...machine, ...changes }), '-drive').map((drive) =>
    Object.fromEntries(parseOptions(drive)),
  );

describe('qemuArgv', () => {
  it('the arguments of QEMU are one list that holds everything', () => {
    expect(qemuArgv(machine).join(' ')).toBe(
      '-nodefaults -no-user-config -machine pc,accel=tcg -m 512M -smp 1 -nic none -vga std -display none ' +
        '-no-reboot -drive if=none,id=boot,format=raw,readonly=on,media=cdrom,file=/images/a.iso ' +
        '-device ide-cd,drive=boot,bootindex=0 -chardev file,id=serial0,path=serial.log ' +
        '-serial chardev:serial0 -device isa-debug-exit,iobase=0xf4,iosize=0x04',
    );
  });

  it('the image is attached read-only, and first in the boot order', () => {
    for (const attach of ['cdrom', 'usb', 'disk'] as const) {
      const argv = qemuArgv({ ...machine, attach, image: { path: 'a.qcow2', format: 'qcow2' } });
      expect(drives({ attach })[0]).toMatchObject({ readonly: 'on', id: 'boot' });
      expect(argv.filter((word) => word.includes('drive=boot,bootindex=0'))).toHaveLength(1);
      expect(argv.join(' ')).toContain('format=qcow2');
    }
    expect(qemuArgv({ ...machine, attach: 'usb' }).join(' ')).toMatch(
      /-device qemu-xhci,id=xhci -device usb-storage,bus=xhci\.0,.*removable=on/,
    );
  });

  it('a disk that the guest may write to is a snapshot, and a disc is read-only all the same', () => {
    for (const attach of ['usb', 'disk'] as const) {
      const [drive] = drives({ attach, imageAccess: 'snapshot' });
      expect(drive).toMatchObject({ snapshot: 'on', id: 'boot' });
      expect(drive).not.toHaveProperty('readonly');
    }
    expect(qemuArgv({ ...machine, attach: 'cdrom', imageAccess: 'snapshot' })).toEqual(
      qemuArgv({ ...machine, attach: 'cdrom' }),
    );
  });

  it('the SeaBIOS image that is named is started, whatever its name', () => {
    const argv = qemuArgv({ ...machine, firmware: { kind: 'seabios', code: '/fw/a,b.bin' } });
    expect(valuesOf(argv, '-bios')).toEqual(['/fw/a,b.bin']);
    expect(qemuArgv(machine)).not.toContain('-bios');
  });

  it('isa-debug-exit is left out when asked for, and nothing else', () => {
    const exit = ['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'];
    expect([...qemuArgv({ ...machine, debugExit: false }), ...exit]).toEqual(qemuArgv(machine));
  });

  it('UEFI gets its code read-only and its variables as a second flash unit', () => {
    expect(drives({ firmware: uefi })).toMatchObject([
      { if: 'pflash', unit: '0', format: 'raw', readonly: 'on', file: '/fw/CODE.fd' },
      { if: 'pflash', unit: '1', format: 'raw', file: '/tmp/VARS.fd' },
      { id: 'boot' },
    ]);
    expect(drives({ firmware: uefi })[1]).not.toHaveProperty('snapshot');
    expect(drives({ firmware: { ...uefi, varsAccess: 'snapshot' } })[1]).toHaveProperty('snapshot', 'on');
  });

  it('firmware in a qcow2 file is given as qcow2, each file for itself', () => {
    for (const [codeFormat, varsFormat] of [
      ['qcow2', 'qcow2'],
      ['raw', 'qcow2'],
      ['qcow2', 'raw'],
    ] as const) {
      const found = drives({ firmware: { ...uefi, codeFormat, varsFormat } });
      expect(found).toMatchObject([{ format: codeFormat }, { format: varsFormat }, { id: 'boot' }]);
    }
  });

  it('system management mode is on for the firmware that needs it', () => {
    const argv = qemuArgv({ ...machine, machine: 'q35', firmware: { ...uefi, requiresSmm: true } });
    expect(valuesOf(argv, '-machine')).toEqual(['q35,accel=tcg,smm=on']);
    expect(valuesOf(argv, '-global')).toEqual(['driver=cfi.pflash01,property=secure,value=on']);
  });

  it('a machine with QMP starts paused', () => {
    const argv = qemuArgv({ ...machine, qmpFd: 3 });
    expect(argv.slice(-7)).toEqual([
      '-chardev',
      'socket,id=qmp,fd=3,server=off',
      '-mon',
      'chardev=qmp,mode=control',
      '-action',
      'shutdown=pause',
      '-S',
    ]);
  });

  it('any path is written so that QEMU reads the same', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (image, log) => {
        const argv = qemuArgv({ ...machine, image: { path: `/${image}`, format: 'raw' }, serialLog: log });
        expect(Object.fromEntries(parseOptions(valuesOf(argv, '-drive')[0] ?? ''))).toMatchObject({
          file: `/${image}`,
        });
        expect(Object.fromEntries(parseOptions(valuesOf(argv, '-chardev')[0] ?? ''))).toMatchObject({
          path: log,
        });
      }),
    );
  });
});
