// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pairFirmware } from '@latticra/toolchain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  biosGuest,
  GUEST_EXIT_CODE,
  type GuestEnd,
  screenGuest,
  uefiGuest,
} from '../../../../tools/testing/guest.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { assertBoot, type BootRequest, isRefusalLine, observeBoot, seedExpectation } from '../index.js';
import { MAX_SERIAL_BYTES } from '../limits.js';

/** A guest that writes byte by byte takes a quarter of a minute to what ships; scripted.int.test.ts goes as far as that. */
vi.mock('../limits.js', async (importOriginal) => ({
  ...(await importOriginal<typeof import('../limits.js')>()),
  MAX_SERIAL_BYTES: 1 << 18,
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-boot-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const QEMU = 'qemu-system-x86_64';
const SEABIOS = '/usr/share/seabios/bios-256k.bin';
const TEXT = '\r\nGUEST_OK\r\nBUILD a1\r\n';
const SEED = {
  sentinel: 'GUEST_OK',
  buildIdPrefix: 'BUILD ',
  buildId: 'a1',
  exitCode: GUEST_EXIT_CODE,
};
const RAW = { codeFormat: 'raw', varsFormat: 'raw' } as const;
const EXPECTED = seedExpectation(SEED);

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function request(changes: Partial<BootRequest> = {}): BootRequest {
  return {
    program: spawnSync('/bin/sh', ['-c', `command -v ${QEMU}`], { encoding: 'utf8' }).stdout.trim(),
    machine: 'pc-i440fx',
    firmware: { kind: 'seabios' },
    image: { path: join(folder, 'image.raw'), format: 'raw' },
    attach: 'disk',
    memoryMib: 64,
    cpus: 1,
    outputDir: join(folder, 'out'),
    timeoutMs: 45_000,
    ...changes,
  };
}

function observeGuest(end: GuestEnd, changes: Partial<BootRequest> = {}) {
  put('image.raw', biosGuest(TEXT, end));
  return observeBoot(request(changes));
}

const output = (name: string) => readFileSync(join(folder, 'out', name));
/** Lists the processes that work in the test's folder, without this one. */
function strays(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return pid !== `${process.pid}` && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false; // gone in the meantime
    }
  });
}

/**
 * Expects that nothing of the run is left but its logs: no temporary folder, and no process once the kernel has
 * reaped the killed ones.
 */
async function expectTidy(): Promise<void> {
  expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.'))).toEqual([]);
  await vi.waitFor(() => expect(strays()).toEqual([]), { timeout: 5000 });
}

describe('observeBoot with QEMU', () => {
  itWith([QEMU], 'the observer sees a guest through to its exit code', async () => {
    mkdirSync(join(folder, 'out'));
    put('out/screenshot.txt', 'of another run');
    const observed = await observeGuest('exit');
    expect(existsSync(join(folder, 'out/screenshot.txt'))).toBe(false);
    expect(() => assertBoot(observed, EXPECTED)).not.toThrow();
    expect(observed).toMatchObject({
      emulator: 'qemu',
      emulatorVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
      end: { kind: 'exit', code: GUEST_EXIT_CODE },
      qemu: { machine: expect.stringMatching(/^pc-i440fx-\d+\.\d+$/), accelerator: 'tcg' },
    });
    expect(observed.imageAfter).toEqual(observed.imageBefore);
    expect(output('serial.log').toString()).toBe(TEXT);
    expect(observed.serialLog.sha256).toBe(createHash('sha256').update(TEXT).digest('hex'));
    expect(output('qemu-argv.txt').toString()).toContain("'if=none,id=boot,format=raw,readonly=on,file=");
    await expectTidy();
  });

  itWith(
    [QEMU],
    'the observer takes a picture of a guest that powers off, and knows why it ended',
    async () => {
      const observed = await observeGuest('power-off');
      expect(observed.end).toEqual({ kind: 'exit', code: 0, shutdown: 'guest-shutdown' });
      expect(output('screenshot.png').subarray(1, 4).toString()).toBe('PNG');
      expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'exit-code' }));
      // The next run has none, and does not keep this one's.
      const next = await observeGuest('exit');
      expect(existsSync(join(folder, 'out/screenshot.png'))).toBe(next.screenshotPath !== undefined);
    },
  );

  itWith([QEMU], 'the observer tells a triple fault from a good end', async () => {
    const observed = await observeGuest('triple-fault');
    expect(observed.end).toEqual({ kind: 'exit', code: 0, shutdown: 'guest-reset' });
    expect(() => assertBoot(observed, EXPECTED)).toThrow(
      /exit code 0 \(guest-reset\), expected exit code 99/,
    );
  });

  itWith([QEMU], 'the observer ends a guest that does not end itself, and keeps its picture', async () => {
    const observed = await observeGuest('hang', { timeoutMs: 5000 });
    expect(observed.end).toEqual({ kind: 'timeout', timeoutMs: 5000 });
    expect(observed.screenshotPath).toBe(join(folder, 'out/screenshot.png'));
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'timeout' }));
    await expectTidy();
  });

  itWith([QEMU], 'the observer ends a guest that resets the machine, at the first time', async () => {
    const observed = await observeGuest('reset');
    expect(observed.end).toEqual({ kind: 'exit', code: 0, shutdown: 'guest-reset' });
    expect(output('serial.log').toString()).toBe(TEXT);
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'exit-code' }));
  });

  itWith([QEMU], 'the observer takes nothing for said that was only shown on the screen', async () => {
    put('image.raw', screenGuest(TEXT));
    const observed = await observeBoot(request());
    expect(observed.end).toEqual({ kind: 'exit', code: GUEST_EXIT_CODE });
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'missing-line' }));
  });

  itWith(
    [QEMU, SEABIOS],
    'the observer stops a guest at a line, and keeps its picture and the firmware that ran',
    async () => {
      const observed = await observeGuest('exit', {
        machine: 'q35',
        firmware: { kind: 'seabios', code: SEABIOS },
        debugExit: false,
        until: (line) => line === 'BUILD a1',
      });
      expect(() => assertBoot(observed, seedExpectation({ ...SEED, exitCode: 'stopped' }))).not.toThrow();
      expect(output('screenshot.png').subarray(1, 4).toString()).toBe('PNG');
      expect(observed.qemu).toMatchObject({
        machine: expect.stringMatching(/^pc-q35-/),
        firmware: {
          kind: 'seabios',
          code: { path: SEABIOS, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
      });
      await expectTidy();
    },
  );

  itWith([QEMU], 'the observer ends a guest that floods its log, and keeps the beginning', async () => {
    const observed = await observeGuest('flood');
    expect(MAX_SERIAL_BYTES).toBe(1 << 18);
    expect(observed.end).toEqual({ kind: 'flood', limitBytes: MAX_SERIAL_BYTES });
    expect(output('serial.log')).toHaveLength(MAX_SERIAL_BYTES);
    expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'flood' }));
    await expectTidy();
  });

  itWith([QEMU], 'a boot is interrupted in the middle and leaves nothing', async () => {
    const controller = new AbortController();
    const boot = observeGuest('hang', { signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    await expect(boot).rejects.toMatchObject({ code: 'interrupted' });
    await expectTidy();
  });

  itWith([QEMU], 'the observer says why QEMU would not start, in its words', async () => {
    put('image.raw', biosGuest(TEXT));
    await expect(observeBoot(request({ memoryMib: 4_000_000_000 }))).rejects.toMatchObject({
      code: 'emulator-failed',
      kind: 'unfulfilled',
      message: expect.stringMatching(/exit code 1 before its machine ran.*last lines: .*(memory|ram|size)/i),
    });
    expect(output('qemu.log').toString()).toMatch(/memory|ram|size/i);
    await expectTidy();
  });

  const CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd';
  const VARS = '/usr/share/OVMF/OVMF_VARS_4M.fd';
  const ESP_TOOLS = ['mkfs.vfat', 'mmd', 'mcopy'];
  /** Makes the image a file system with the guest as its unsigned loader. */
  function putUefiGuest(): void {
    put('BOOTX64.EFI', uefiGuest(TEXT));
    put('image.raw', new Uint8Array(4 << 20));
    for (const command of [
      'mkfs.vfat image.raw',
      'mmd -i image.raw ::/EFI ::/EFI/BOOT',
      'mcopy -i image.raw BOOTX64.EFI ::/EFI/BOOT/BOOTX64.EFI',
    ]) {
      const run = spawnSync('/bin/sh', ['-c', `PATH=$PATH:/usr/sbin ${command}`], { cwd: folder });
      expect(run.status).toBe(0);
    }
  }

  const SECURE_CODE = '/usr/share/OVMF/OVMF_CODE_4M.ms.fd';
  const SECURE_VARS = '/usr/share/OVMF/OVMF_VARS_4M.ms.fd';
  itWith(
    [QEMU, ...ESP_TOOLS, SECURE_CODE, SECURE_VARS],
    'secure boot refuses an unsigned loader, and the observer knows it at once',
    async () => {
      putUefiGuest();
      const observed = await observeBoot(
        request({
          machine: 'q35',
          firmware: { kind: 'uefi', code: SECURE_CODE, vars: SECURE_VARS, ...RAW, requiresSmm: true },
          memoryMib: 256,
          until: isRefusalLine,
        }),
      );
      expect(() =>
        assertBoot(observed, { kind: 'refusal', neverStarted: ['GUEST_OK', 'BUILD '] }),
      ).not.toThrow();
      expect(observed.qemu?.firmware).toMatchObject({ kind: 'uefi', vars: { path: SECURE_VARS } });
      expect(() => assertBoot(observed, EXPECTED)).toThrow(expect.objectContaining({ code: 'stopped' }));
      await expectTidy();
    },
  );

  itWith([QEMU, ...ESP_TOOLS, CODE, VARS], 'a guest boots by UEFI with variables of its own', async () => {
    putUefiGuest();
    copyFileSync(VARS, join(folder, 'VARS.fd'));
    const observed = await observeBoot(
      request({
        machine: 'q35',
        firmware: { kind: 'uefi', code: CODE, vars: join(folder, 'VARS.fd'), ...RAW, requiresSmm: false },
        memoryMib: 256,
        attach: 'usb',
      }),
    );
    expect(() => assertBoot(observed, EXPECTED)).not.toThrow();
    expect(observed.qemu?.firmware).toMatchObject({ kind: 'uefi', code: { path: CODE, size: 3_653_632 } });
    expect(readFileSync(join(folder, 'VARS.fd')).equals(readFileSync(VARS))).toBe(true);
    await expectTidy();
  });

  itWith(
    [QEMU, 'qemu-img', ...ESP_TOOLS, CODE, VARS],
    'a guest boots by UEFI firmware that is there in qcow2 files alone',
    async () => {
      putUefiGuest();
      const [code, vars] = ['CODE.qcow2', 'VARS.qcow2'].map((name) => join(folder, name)) as [string, string];
      for (const [from, to] of [
        [CODE, code],
        [VARS, vars],
      ] as const) {
        expect(spawnSync('qemu-img', ['convert', '-O', 'qcow2', from, to]).status).toBe(0);
      }
      const firmware = pairFirmware(code, { descriptorFolders: [], uefiPairs: [], seaBios: [] });
      expect(firmware).toMatchObject({ vars, codeFormat: 'qcow2', varsFormat: 'qcow2' });
      const before = readFileSync(vars);
      const observed = await observeBoot(
        request({ machine: 'q35', firmware: { kind: 'uefi', ...firmware }, memoryMib: 256, attach: 'usb' }),
      );
      expect(() => assertBoot(observed, EXPECTED)).not.toThrow();
      expect(observed.qemu?.argv.join(' ')).toContain('unit=0,format=qcow2,readonly=on');
      expect(readFileSync(vars).equals(before)).toBe(true);
      await expectTidy();
    },
  );
});

describe('observeBoot with a program other than QEMU', () => {
  it('the observer starts the program with nothing but its arguments', async () => {
    put('image.raw', biosGuest(TEXT));
    const program = put('impostor', '#!/bin/sh\nenv >&2; cat >&2; ls -l /proc/self/fd >&2; exit 1\n');
    chmodSync(program, 0o755);
    await expect(observeBoot(request({ program }))).rejects.toMatchObject({ code: 'emulator-failed' });
    const names = [
      ...output('qemu.log')
        .toString()
        .matchAll(/^(\w+)=/gm),
    ].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(['PATH', 'LC_ALL', 'TMPDIR', 'PWD']));
    // QMP is 3; what ls opens to list the folder takes the first number that is free.
    expect(output('qemu.log').toString()).toMatch(/ 3 -> socket:.*\n[^\n]* 4 -> \/proc\/\d+\/fd\n$/);
  });

  it('the observer says that the program is missing, or cannot be started', async () => {
    put('image.raw', biosGuest(TEXT));
    const missing = { code: 'emulator-missing', kind: 'tool-missing' };
    await expect(observeBoot(request({ program: join(folder, 'none') }))).rejects.toMatchObject(missing);
    await expect(observeBoot(request({ program: put('text', 'hello') }))).rejects.toMatchObject(missing);
    await expectTidy();
  });

  it('the observer makes nothing for a path that no command line can carry', async () => {
    await expect(
      observeBoot(request({ program: '/bin/false', image: { path: 'a\nb', format: 'raw' } })),
    ).rejects.toMatchObject({ kind: 'data' });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('the observer names the image that is not there', async () => {
    await expect(observeBoot(request({ program: '/bin/false' }))).rejects.toMatchObject({
      kind: 'input-missing',
      message: expect.stringContaining('image.raw'),
    });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
