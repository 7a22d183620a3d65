// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSeed, buildVmImage, SEED_FILE, VM_IMAGE_FILE } from '@latticra/boot-seed';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { biosGuest } from '../../../tools/testing/guest.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { writeScriptedQemu } from '../../../tools/testing/scripted-qemu.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

const QEMU = 'qemu-system-x86_64';
const OVMF = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const WITHOUT_QEMU = { PATH: '/nowhere' };
const ISO = ['--iso', SEED_FILE.iso];
const DISK = ['--disk-image', VM_IMAGE_FILE.qcow2, '--format', 'qcow2'];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-smoke-'));
  const env = { PATH: '' };
  await buildSeed({ outputDir: folder, toolchain: 'prebuilt', buildId: 'a-build', env });
  await buildVmImage({ outputDir: folder, kernel: join(folder, SEED_FILE.kernel), imageSizeMib: 8, env });
});
afterAll(() => rmSync(folder, { recursive: true }));

const OVERLAY = ['--disk-image', 'overlay.qcow2', '--format', 'qcow2'];
beforeAll(() => {
  writeFileSync(join(folder, 'notes.iso'), 'to do: make the ISO\n');
  const overlay = readFileSync(join(folder, VM_IMAGE_FILE.qcow2));
  overlay.set(Buffer.from('base.raw'), 1024);
  overlay.writeBigUInt64BE(1024n, 8); // where the name of its backing file stands, and how long it is
  overlay.writeUInt32BE(8, 16);
  writeFileSync(join(folder, 'overlay.qcow2'), overlay);
});

let runs = 0;
/** Runs the lane with an output folder of its own. */
async function smoke(argv: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const name = `out-${++runs}`;
  const result = await tryLane(lane, ['--output-dir', name, ...argv], { cwd: folder, env });
  return { ...result, output: join(folder, name) };
}

async function report(argv: readonly string[], env?: NodeJS.ProcessEnv) {
  const { status, stdout, stderr, output } = await smoke(argv, env);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { values: documentValues(stdout), output };
}

/** Runs a lane that has to fail, and expects that it says why in one line and prints no report. */
async function refusal(argv: readonly string[], env?: NodeJS.ProcessEnv) {
  const { status, stdout, stderr, output } = await smoke(argv, env);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^latticra-boot-seed-qemu-smoke: [^\n]+\n$/);
  return { status, stderr, output };
}

/** Expects that no process works in the output folder, and that it holds nothing but logs. */
function expectTidy(output: string): void {
  expect(readdirSync(output).filter((name) => name.startsWith('.'))).toEqual([]);
  const mentions = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(output);
    } catch {
      return false; // gone in the meantime
    }
  });
  expect(mentions).toEqual([]);
}

describe(`${lane.bin} with QEMU`, () => {
  itWith([QEMU], 'the smoke lane reports on the ISO under SeaBIOS', async () => {
    const { values, output } = await report(ISO);
    expect(values).toMatchObject({
      boot_seed_qemu_boot_source: 'iso',
      boot_seed_smoke_emulator: 'qemu',
      firmware: 'seabios',
      boot_seed_serial_sentinel: 'LATTICRA_BOOT_SEED_OK',
      boot_seed_build_id_matched: '1',
      boot_seed_qemu_smoke_ready: '1',
      image_unchanged: '1',
      loader_is_ours: '1',
      kernel_is_ours: '1',
    });
    expect(readFileSync(join(output, 'serial.log'), 'latin1')).toMatch(
      /LATTICRA_LOADER bios\r\n.*LATTICRA_BOOT_SEED_OK\r\nLATTICRA_BUILD_ID a-build\r\n/s,
    );
    expect(readdirSync(output).sort()).toEqual(['qemu-argv.txt', 'qemu.log', 'serial.log']);
  });

  itWith([QEMU, OVMF], 'the smoke lane reports on the disk under UEFI', async () => {
    const { values, output } = await report([...DISK, '--firmware', 'uefi']);
    expect(values).toMatchObject({
      boot_seed_qemu_boot_source: 'disk',
      firmware: 'uefi',
      uefi_firmware_path: OVMF,
      uefi_firmware_sha256: expect.stringMatching(/^sha256:/),
      qemu_machine_resolved: expect.stringMatching(/^pc-q35-/),
    });
    expect(readFileSync(join(output, 'serial.log'), 'latin1')).toContain('LATTICRA_LOADER uefi');
  });

  itWith([QEMU], 'the smoke lane has no report for another build in QEMU, and keeps the log', async () => {
    const { status, stderr, output } = await refusal([...ISO, '--build-id', 'b-build']);
    expect(status).toBe(70);
    expect(stderr).toContain(
      'expected the line "LATTICRA_BUILD_ID b-build", the log has "LATTICRA_BUILD_ID a-build"',
    );
    expect(existsSync(join(output, 'serial.log'))).toBe(true);
  });

  itWith([QEMU], 'the smoke of a boot sector that writes every line itself is not ready', async () => {
    const lines = '\r\nLATTICRA_LOADER bios\r\nLATTICRA_BOOT_SEED_OK\r\nLATTICRA_BUILD_ID a-build\r\n';
    const guest = biosGuest(lines);
    guest[guest.indexOf(0x31, 3 + 2)] = 0x10; // the value for isa-debug-exit that the seed writes
    writeFileSync(join(folder, 'liar.raw'), guest);
    const liar = ['--disk-image', 'liar.raw', '--format', 'raw', '--build-id', 'a-build'];
    expect((await report(liar)).values).toMatchObject({
      smoke_status: 'ok',
      boot_seed_qemu_smoke_ready: '0',
      loader_is_ours: '0',
      kernel_is_ours: '0',
    });
  });

  itWith([QEMU], 'the smoke lane has no report for another guest', async () => {
    writeFileSync(join(folder, 'other.raw'), biosGuest('\r\nHELLO\r\n'));
    const other = ['--disk-image', 'other.raw', '--format', 'raw'];
    const { status, stderr } = await refusal([...other, '--build-id', 'a-build']);
    expect(status).toBe(70);
    expect(stderr).toMatch(/exit code 99, expected exit code 33; last lines: HELLO/);
  });

  itWith([QEMU], 'the smoke lane has no report for a disk whose boot sector says nothing', async () => {
    writeFileSync(join(folder, 'empty.raw'), biosGuest('', 'hang'));
    const empty = ['--disk-image', 'empty.raw', '--format', 'raw', '--build-id', 'x', '--timeout', '1'];
    const { status, stderr, output } = await refusal(empty);
    expect(status).toBe(70);
    expect(stderr).toMatch(
      /did not end within 1 s, expected exit code 33; the serial console was silent all the time; look/,
    );
    expectTidy(output);
  });

  itWith([QEMU], 'the smoke lane has no report for a guest that starts over and over', async () => {
    writeFileSync(join(folder, 'reset.raw'), biosGuest('\r\nHELLO\r\n', 'reset'));
    const reset = ['--disk-image', 'reset.raw', '--format', 'raw', '--build-id', 'x'];
    const { status, stderr } = await refusal([...reset, '--machine', 'q35']);
    expect(status).toBe(70);
    expect(stderr).toMatch(/exit code 0 \(guest-reset\), expected exit code 33; last lines: HELLO; look/);
  });

  const SIGNALS: [signal: NodeJS.Signals, status: number | null][] = [
    ['SIGINT', 130],
    ['SIGKILL', null],
  ];
  for (const [signal, status] of SIGNALS) {
    itWith([QEMU], `the smoke lane leaves nothing behind on ${signal}`, async () => {
      writeFileSync(join(folder, 'hang.raw'), biosGuest('\r\nHELLO\r\n', 'hang'));
      const script = await bundleScript(new URL('./main.ts', import.meta.url), join(folder, 'script'));
      const name = `out-${signal}`;
      const argv = ['--disk-image', 'hang.raw', '--format', 'raw', '--build-id', 'x', '--output-dir', name];
      const child = spawn(process.execPath, [script, ...argv], { cwd: folder });
      let stdout = '';
      child.stdout.on('data', (text) => {
        stdout += text;
      });
      const exit = once(child, 'exit');
      const output = join(folder, name);
      const running = () =>
        existsSync(output) &&
        readdirSync(output).some((name) => existsSync(join(output, name, 'serial.log')));
      while (child.exitCode === null && !running()) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill(signal);
      expect((await exit)[0]).toBe(status);
      expect(stdout).toBe('');
      await vi.waitFor(() => expectTidy(output), { timeout: 10_000 });
    });
  }
});

describe(`${lane.bin} with a QEMU that fails`, () => {
  it.each<[string, string, RegExp]>([
    [
      'cannot start',
      "console.error('one\\ntwo\\nno such machine\\ntry -machine help'); process.exit(1);",
      /exit code 1 before its machine ran; last lines: two \/ no such machine \/ try -machine help; see/,
    ],
    [
      'dies under its guest',
      "guest = () => { serial('HELLO\\n'); process.kill(process.pid, 'SIGSEGV'); };",
      /was killed by SIGSEGV, expected exit code 33; last lines: HELLO; look/,
    ],
    [
      'floods the serial port',
      "guest = () => { serial('HELLO\\n'.repeat(1 << 20)); process.exit(33); };",
      /wrote more than 4194304 bytes to a log, expected exit code 33; last lines: HELLO/,
    ],
  ])('the smoke lane exits with 70 and shows the last lines when its QEMU %s', async (_, script, message) => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeScriptedQemu(join(bin, QEMU), script);
    const { status, stderr, output } = await refusal(ISO, { PATH: bin });
    expect(status).toBe(70);
    expect(stderr).toMatch(message);
    await vi.waitFor(() => expectTidy(output), { timeout: 10_000 });
  });
});

describe(`${lane.bin} with v86`, () => {
  it('the smoke lane reports on ISO and disk where there is no QEMU, and claims none', async () => {
    for (const image of [ISO, DISK]) {
      const { values, output } = await report(image, WITHOUT_QEMU);
      expect(values).toMatchObject({
        boot_seed_smoke_emulator: 'v86',
        boot_seed_embedded_smoke_ready: '1',
        loader_is_ours: '1',
        kernel_is_ours: '1',
        boot_seed_qemu_smoke_ready: '0',
        boot_seed_qemu_serial_sentinel_recorded: '0',
        qemu_run_performed: '0',
      });
      expect(readFileSync(join(output, 'screenshot.txt'), 'latin1')).toContain('LATTICRA');
    }
  });

  it('the smoke lane says in one line why a kernel ends the emulator itself, and keeps the log', async () => {
    const kernel = readFileSync(join(folder, SEED_FILE.kernel));
    // ELF: the entry of a file that is loaded whole at 1 MiB. An instruction that is none, and nobody to take the fault.
    kernel.set([0x0f, 0x0b], kernel.readUInt32LE(24) - 0x100000);
    writeFileSync(join(folder, 'faulty.elf'), kernel);
    const outputDir = join(folder, 'faulty');
    await buildVmImage({ outputDir, kernel: join(folder, 'faulty.elf'), imageSizeMib: 8, env: { PATH: '' } });
    const script = await bundleScript(new URL('./main.ts', import.meta.url), join(folder, 'script-v86'));
    const disk = ['--disk-image', join(outputDir, VM_IMAGE_FILE.qcow2), '--format', 'qcow2'];
    const argv = [script, ...disk, '--emulator', 'v86', '--output-dir', 'out-faulty'];
    const child = spawn(process.execPath, argv, { cwd: folder });
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (text) => {
        written[name] += text;
      });
    }
    expect((await once(child, 'close'))[0]).toBe(70);
    expect(written.stdout).toBe('');
    expect(written.stderr).toMatch(/^latticra-boot-seed-qemu-smoke: v86 (says|stopped): [^\n]+ QEMU\n$/);
    expect(existsSync(join(folder, 'out-faulty/serial.log'))).toBe(true);
  });

  it('the smoke lane has no report for another build in v86', async () => {
    expect(await refusal([...ISO, '--emulator', 'v86', '--build-id', 'b-build'])).toMatchObject({
      status: 70,
    });
  });
});

describe(`${lane.bin} --dry-run`, () => {
  it('a dry run prints the QEMU command and makes nothing', async () => {
    writeFileSync(join(folder, QEMU), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { status, stdout, output } = await smoke([...ISO, '--attach', 'usb', '--dry-run'], {
      PATH: folder,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\S+\/qemu-system-x86_64 -nodefaults .*usb-storage.*\n$/);
    expect(existsSync(output)).toBe(false);
  });

  it('a dry run says that v86 needs no command', async () => {
    expect((await smoke([...ISO, '--dry-run'], WITHOUT_QEMU)).stdout).toMatch(/^# .*no command\n$/);
  });
});

describe(`${lane.bin}, refused`, () => {
  it.each<[string, number, string[], RegExp]>([
    ['no image', 64, [], /either --iso, or --disk-image with --format/],
    ['two images', 64, [...ISO, ...DISK], /either --iso/],
    ['a disk of unknown format', 64, ['--disk-image', 'a'], /either --iso/],
    ['no time', 64, [...ISO, '--timeout', '0'], /--timeout: expected a whole number from 1/],
    ['v86 with a machine', 64, [...ISO, '--emulator', 'v86', '--machine', 'q35'], /without firmware/],
    ['v86 with firmware', 64, [...ISO, '--emulator', 'v86', '--firmware', 'uefi'], /without firmware/],
    ['an image that is not there', 66, ['--iso', 'none.iso'], /none\.iso: no such file/],
    ['a folder for an image', 65, ['--iso', '.'], /regular file|folder/],
    [
      'a disk as an ISO',
      65,
      ['--iso', VM_IMAGE_FILE.qcow2],
      /found a qcow2 image, expected an ISO 9660 image/,
    ],
    ['an ISO as a disk', 65, ['--disk-image', SEED_FILE.iso, '--format', 'qcow2'], /name it as an ISO/],
    [
      'text as an ISO',
      65,
      ['--iso', 'notes.iso', '--build-id', 'x'],
      /notes\.iso: found text, expected an ISO/,
    ],
    ['a disk on another', 65, [...OVERLAY, '--build-id', 'x'], /overlay\.qcow2: .*backing file/],
    ['QEMU that is not there', 69, [...ISO, '--emulator', 'qemu'], /qemu-system-x86_64: no such program/],
    ['firmware without QEMU', 69, [...ISO, '--firmware', 'seabios'], /no such program/],
    ['firmware that is not there', 66, [...ISO, '--firmware', '/none/CODE.fd'], /no such firmware file/],
  ])('the smoke lane refuses %s with status %i', async (_, status, argv, message) => {
    const refused = await refusal(argv, WITHOUT_QEMU);
    expect(refused.stderr).toMatch(message);
    expect(refused.status).toBe(status);
    expect(existsSync(refused.output)).toBe(false);
  });

  it('the smoke lane ends with 73 when its output folder cannot be made', async () => {
    const argv = [...ISO, '--output-dir', `${SEED_FILE.iso}/out`];
    const { status, stdout, stderr } = await tryLane(lane, argv, { cwd: folder, env: WITHOUT_QEMU });
    expect({ status, stdout }).toEqual({ status: 73, stdout: '' });
    expect(stderr).toContain('/out: ');
  });
});
