// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { biosGuest } from '../../../tools/testing/guest.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { LINUX_ISO_TOOLS, writeLinuxIso } from '../../../tools/testing/linux-iso.js';
import { haveTools, itWith } from '../../../tools/testing/tools.js';
import { program } from './program.js';

const TOOLS = ['qemu-system-x86_64', ...LINUX_ISO_TOOLS];
const TIME_LIMIT = 180_000;
const MATRIX = `schema = "latticra.boot-matrix/v0.1"
[expect]
build_id = "matrix-7"
forbid_services = true
timeout_seconds = 120
[machines.bios]
machine = "pc-i440fx"
firmware = "seabios"
[images.login]
path = "login.iso"
format = "iso"
attach = ["cdrom"]
prompt = "login: "
pattern = '^Kiosk \\d'
[images.panic]
path = "panic.raw"
format = "raw"
attach = ["disk"]
contains = "as init process"
memory_mib = 192
[images.silence]
path = "silence.raw"
format = "raw"
attach = ["disk"]
prompt = "login: "
timeout_seconds = 4
`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-linux-matrix-'));
  writeFileSync(join(cwd, 'boot-matrix.toml'), MATRIX);
  if (!haveTools(...TOOLS)) return;
  writeLinuxIso(cwd, 'login', 'matrix-7');
  // As a Linux ends that panics and is told to start over, in a moment.
  const panic = '[    1.0] Run /init as init process\r\n[    1.1] Kernel panic - not syncing: No init\r\n';
  writeFileSync(join(cwd, 'panic.raw'), biosGuest(panic, 'reset'));
  writeFileSync(join(cwd, 'silence.raw'), biosGuest('', 'hang'));
}, TIME_LIMIT);
afterAll(() => rmSync(cwd, { recursive: true }));

const run = (name: string, ...argv: string[]) =>
  tryLane(program.lanes[name] ?? expect.fail(`no lane ${name}`), argv, { cwd, env: process.env });
const record = (name: string) =>
  documentValues(readFileSync(join(cwd, 'build/boot-matrix/records', name, 'record.txt'), 'utf8'));

describe('a matrix of Linux systems', () => {
  itWith(
    TOOLS,
    'each Linux gets the record of what it did, which holds against its log',
    async () => {
      const { status, stderr } = await run('run');
      expect(status, stderr).toBe(70);
      // It is stopped as soon as all is there, a moment before it panics; or that is in its log already.
      expect(stderr).toMatch(/silence_disk_bios failed: timeout: .* silent all the time/);
      expect(record('login_cdrom_bios')).toMatchObject({
        outcome: 'booted',
        end: 'was stopped at the line login: ',
        expected_prompt: 'login: ',
        expected_build_id: 'matrix-7',
        loader_is_ours: '0',
        kernel_is_ours: '0',
        phase_kernel_ms: expect.stringMatching(/^\d+$/),
        phase_init_ms: expect.stringMatching(/^\d+$/),
      });
      expect(record('silence_disk_bios')).toMatchObject({ outcome: 'failed', phase_kernel_ms: 'unknown' });
      const table = await run('table');
      expect(table.status).toBe(70);
      expect(table.stdout).toMatch(/^login +cdrom +booted/m);
      expect(table.stdout).toMatch(/^silence +disk +FAILED/m);
    },
    TIME_LIMIT,
  );

  itWith(
    TOOLS,
    'a Linux that panics is not booted, though QEMU ends with 0',
    async () => {
      const late = MATRIX.replace('contains = "as init process"', 'contains = "all is well"');
      writeFileSync(join(cwd, 'panic.toml'), late);
      const panicked = ['--matrix', 'panic.toml', '--case', 'panic_disk_bios'];
      expect((await run('run', ...panicked)).status).toBe(70);
      expect(record('panic_disk_bios')).toMatchObject({
        outcome: 'failed',
        end_kind: 'exit',
        end_exit_code: '0',
        reason: expect.stringMatching(/^forbidden-line: .*Kernel panic - not syncing/),
      });
    },
    TIME_LIMIT,
  );
});
