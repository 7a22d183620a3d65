// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_EXPECTED, planSmoke, type SmokeChoice, smokeCommand, systemExpectation } from '../index.js';

let folder: string;
let code: string;
let vars: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-plan-'));
  writeFileSync(join(folder, 'qemu-system-x86_64'), '', { mode: 0o755 });
  code = join(folder, 'OVMF_CODE.fd');
  vars = join(folder, 'OVMF_VARS.fd');
  writeFileSync(code, new Uint8Array(0x1e000));
  writeFileSync(vars, new Uint8Array(0x2000));
});
afterAll(() => rmSync(folder, { recursive: true }));

const plan = (changes: Partial<SmokeChoice> = {}) =>
  planSmoke({
    image: { path: 'seed.iso', format: 'iso' },
    emulator: 'auto',
    firmware: 'auto',
    outputDir: 'out',
    timeoutMs: 1000,
    env: { PATH: folder },
    roots: { descriptorFolders: [], uefiPairs: [[code, vars]], seaBios: [] },
    ...changes,
  });
const noQemu = { env: { PATH: '/nowhere' } };

describe('planSmoke', () => {
  it('the plan takes QEMU where it is, with SeaBIOS', () => {
    expect(plan()).toMatchObject({
      emulator: 'qemu',
      boot: {
        program: join(folder, 'qemu-system-x86_64'),
        machine: 'pc-i440fx',
        firmware: { kind: 'seabios' },
        image: { path: 'seed.iso', format: 'iso' },
        attach: 'cdrom',
      },
    });
    expect(plan({ image: { path: 'a', format: 'qcow2' } })).toMatchObject({
      boot: { image: { format: 'qcow2' }, attach: 'disk' },
    });
    expect(plan({ attach: 'usb' })).toMatchObject({ boot: { attach: 'usb' } });
  });

  it('the plan takes the embedded emulator where there is no QEMU, or when told to', () => {
    const embedded = { emulator: 'v86', boot: { image: { path: 'seed.iso', format: 'iso' } } };
    expect(plan(noQemu)).toMatchObject(embedded);
    expect(plan({ emulator: 'v86' })).toMatchObject(embedded);
  });

  it('the plan finds UEFI firmware, and starts it on Q35', () => {
    const expected = { boot: { machine: 'q35', firmware: { kind: 'uefi', code, vars } } };
    expect(plan({ firmware: 'uefi' })).toMatchObject(expected);
    expect(plan({ firmware: code })).toMatchObject(expected);
  });

  it('the plan starts either firmware on either machine', () => {
    const machineOf = (changes: Partial<SmokeChoice>) => {
      const planned = plan(changes);
      return planned.emulator === 'qemu' && [planned.boot.machine, planned.boot.firmware.kind];
    };
    expect(machineOf({ machine: 'auto' })).toEqual(['pc-i440fx', 'seabios']);
    expect(machineOf({ machine: 'q35' })).toEqual(['q35', 'seabios']);
    expect(machineOf({ machine: 'q35', firmware: 'uefi' })).toEqual(['q35', 'uefi']);
    expect(machineOf({ machine: 'pc-i440fx', firmware: code })).toEqual(['pc-i440fx', 'uefi']);
  });

  it('the plan boots another system until it has shown what it has to, with a disk that it may write to', () => {
    const shows = systemExpectation({ ...NOTHING_EXPECTED, prompt: 'login: ' });
    expect(plan({ shows, memoryMib: 1024 })).toMatchObject({
      emulator: 'qemu',
      boot: { shows, memoryMib: 1024, imageAccess: 'snapshot' },
    });
    const seed = plan();
    expect(seed.emulator === 'qemu' && [seed.boot.memoryMib, seed.boot.imageAccess]).toEqual([
      256,
      undefined,
    ]);
    const missing = expect.objectContaining({ code: 'program-missing' });
    expect(() => plan({ ...noQemu, shows })).toThrow(missing);
    expect(() => plan({ emulator: 'v86', shows })).toThrow(expect.objectContaining({ code: 'not-embedded' }));
    expect(() => plan({ emulator: 'v86', memoryMib: 64 })).toThrow(
      expect.objectContaining({ code: 'not-embedded' }),
    );
  });

  it('the plan does not start secure boot where there is no system management mode', () => {
    const secureCode = join(folder, 'OVMF_CODE.secboot.fd');
    copyFileSync(code, secureCode);
    expect(plan({ firmware: secureCode })).toMatchObject({ boot: { firmware: { requiresSmm: true } } });
    expect(() => plan({ firmware: secureCode, machine: 'pc-i440fx' })).toThrow(
      expect.objectContaining({ code: 'machine', kind: 'usage', fix: expect.stringContaining('q35') }),
    );
  });

  it('the plan does not make do with less than was asked for', () => {
    const missing = expect.objectContaining({ code: 'program-missing', kind: 'tool-missing' });
    expect(() => plan({ ...noQemu, emulator: 'qemu' })).toThrow(missing);
    expect(() => plan({ ...noQemu, attach: 'usb' })).toThrow(missing);
    expect(() => plan({ ...noQemu, firmware: 'seabios' })).toThrow(missing);
    expect(() => plan({ ...noQemu, machine: 'q35' })).toThrow(missing);
    const usage = expect.objectContaining({ code: 'not-embedded', kind: 'usage' });
    expect(() => plan({ emulator: 'v86', firmware: 'uefi' })).toThrow(usage);
    expect(() => plan({ emulator: 'v86', attach: 'cdrom' })).toThrow(usage);
    expect(() => plan({ emulator: 'v86', machine: 'q35' })).toThrow(usage);
    const roots = { descriptorFolders: [], uefiPairs: [], seaBios: [] };
    expect(() => plan({ firmware: 'uefi', roots })).toThrow(
      expect.objectContaining({ code: 'firmware-missing', kind: 'tool-missing' }),
    );
  });
});

describe('smokeCommand', () => {
  it('the command is whole, with a placeholder for the folder that will be thrown away', () => {
    const command = smokeCommand(plan({ firmware: 'uefi', image: { path: '/a b.qcow2', format: 'qcow2' } }));
    expect(command).toContain(`${folder}/qemu-system-x86_64 -nodefaults`);
    expect(command).toContain("file=/a b.qcow2'");
    expect(command).toContain(`file=${join(process.cwd(), 'out/<private-folder>/vars.fd')}'`);
  });

  it('v86 has no command', () => expect(smokeCommand(plan({ emulator: 'v86' }))).toBeUndefined());
});
