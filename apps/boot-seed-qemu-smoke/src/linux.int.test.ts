// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { biosGuest } from '../../../tools/testing/guest.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { LINUX_ISO_TOOLS, writeLinuxIso } from '../../../tools/testing/linux-iso.js';
import { LOGIN_PROMPT } from '../../../tools/testing/linux-system/boot.js';
import { haveTools, itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

const TOOLS = ['qemu-system-x86_64', 'qemu-img', ...LINUX_ISO_TOOLS];
const ID = 'linux-7';
const TIME_LIMIT = 180_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-linux-smoke-'));
  if (!haveTools(...TOOLS)) return;
  for (const does of ['login', 'panic'] as const) writeLinuxIso(folder, does, ID);
  // A hybrid image: the same bytes are a disk.
  copyFileSync(join(folder, 'login.iso'), join(folder, 'login.raw'));
}, TIME_LIMIT);
afterAll(() => rmSync(folder, { recursive: true }));

const smokeInto = (output: string, ...argv: string[]) =>
  tryLane(lane, ['--firmware', 'seabios', '--output-dir', output, ...argv], {
    cwd: folder,
    env: process.env,
  });
const smoke = (...argv: string[]) => smokeInto('out', ...argv);
/** Returns the values of every section. */
const allValues = (text: string): Record<string, string> =>
  Object.fromEntries(Array.from(text.matchAll(/^([a-z0-9_.-]+)=(.*)$/gm), ([, key, value]) => [key, value]));
const PROMPT = ['--expect-prompt', 'login: ', '--expect-build-id', ID, '--timeout-seconds', '120'];

describe(`${lane.bin} with Linux`, () => {
  itWith(
    TOOLS,
    'a Linux that comes to its prompt has a report, with the times of its parts and nothing that is ready',
    async () => {
      const { status, stdout, stderr } = await smoke(
        '--iso',
        'login.iso',
        ...PROMPT,
        '--expect-pattern',
        '^Kiosk \\d',
      );
      expect([status, stderr]).toEqual([0, '']);
      const values = allValues(stdout);
      expect(values).toMatchObject({
        smoke_status: 'ok',
        boot_seed_serial_sentinel: 'none',
        boot_seed_build_id_matched: '0',
        boot_seed_qemu_smoke_ready: '0',
        qemu_run_performed: '1',
        image_unchanged: '1',
        loader_is_ours: '0',
        kernel_is_ours: '0',
        expected_prompt: 'login: ',
        expected_build_id: ID,
        expected_pattern_01: '^Kiosk \\d',
        end: 'was stopped at the line login: ',
        phase_firmware_ms: 'unknown',
      });
      const times = ['loader', 'kernel', 'init', 'end'].map((phase) => Number(values[`phase_${phase}_ms`]));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBeGreaterThan(0);
      expect(times.at(-1)).toBeLessThanOrEqual(Number(values.boot_duration_ms));
      expect(readFileSync(join(folder, 'out/serial.log'), 'latin1')).toMatch(LOGIN_PROMPT);
      expect(readFileSync(join(folder, 'out/qemu-argv.txt'), 'utf8')).not.toContain('snapshot=on');
    },
    TIME_LIMIT,
  );

  itWith(
    TOOLS,
    'a disk that the guest may write to is the same afterwards',
    async () => {
      const { status, stdout, stderr } = await smoke(
        '--disk-image',
        'login.raw',
        '--format',
        'raw',
        ...PROMPT,
      );
      expect([status, stderr]).toEqual([0, '']);
      expect(documentValues(stdout)).toMatchObject({ image_unchanged: '1' });
      expect(readFileSync(join(folder, 'out/qemu-argv.txt'), 'utf8')).toMatch(/format=raw,snapshot=on/);
    },
    TIME_LIMIT,
  );

  itWith(
    TOOLS,
    'a Linux that panics fails, though QEMU ends with 0 and all that is expected was shown before',
    async () => {
      const shown = ['--expect-build-id', ID, '--expect-contains', 'as init process'];
      const panicked = await smoke(
        '--iso',
        'panic.iso',
        ...shown,
        '--expect-exit-code',
        '1',
        '--timeout',
        '150',
      );
      expect([panicked.status, panicked.stdout]).toEqual([70, '']);
      expect(panicked.stderr).toMatch(
        /"\[[ .\d]+\] Kernel panic - not syncing: Attempted to kill init![^\n]*forbidden/,
      );
    },
    TIME_LIMIT,
  );

  itWith(
    TOOLS,
    'a time-out says what was seen last, or that the serial console was silent',
    async () => {
      // As a Linux does that has no serial console, or that gets stuck before its init has written anything.
      writeFileSync(join(folder, 'silent.raw'), biosGuest('', 'hang'));
      writeFileSync(join(folder, 'stuck.raw'), biosGuest('[    0.5] Waiting for root device\r\n', 'hang'));
      const wait = (name: string, seconds: string) =>
        smokeInto(
          `out-${name}`,
          ...['--disk-image', `${name}.raw`, '--format', 'raw'],
          ...['--expect-prompt', 'login: ', '--timeout-seconds', seconds],
        );
      // Both at once: the one that is silent costs nothing but time, and the other has enough of it on a busy machine.
      const [silent, stuck] = await Promise.all([wait('silent', '3'), wait('stuck', '20')]);
      expect(silent.status).toBe(70);
      expect(silent.stderr).toMatch(/did not end within 3 s, .* the serial console was silent all the time/);
      expect(stuck.status).toBe(70);
      expect(stuck.stderr).toMatch(
        /did not end within 20 s, expected it to reach "login: "; last seen was "\[ +0\.5\] Waiting for root device"/,
      );
    },
    TIME_LIMIT,
  );

  it.each([
    [['--iso', 'x', '--expect-prompt', 'login: ', '--build-id', 'b'], /--build-id is the seed's/],
    [['--iso', 'x', '--forbid', 'x'], /--expect-line: nothing is expected of the log/],
    [['--iso', 'x', '--expect-pattern', '(a)\\1'], /--expect-pattern: .*\\1, which is not taken/],
    [
      ['--iso', 'x', '--expect-prompt', 'a', '--expect-exit-code', '3'],
      /--expect-prompt: expected no exit code/,
    ],
    [['--iso', 'x', '--expect-exit-code', '0'], /--expect-exit-code: expected a whole number from 1 to 255/],
    [['--iso', 'x', '--timeout', '3', '--timeout-seconds', '3'], /another name of --timeout/],
    [['--iso', 'x', '--emulator', 'v86', '--memory-mib', '64'], /v86 starts the kernel without/],
  ])('the smoke lane refuses the flags %j', async (argv, reason) => {
    const { status, stdout, stderr } = await tryLane(lane, argv, { cwd: folder, env: process.env });
    expect([status, stdout, stderr]).toEqual([64, '', expect.stringMatching(reason)]);
  });
});
