// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOTHING_EXPECTED } from '@latticra/vm-run';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { LINUX_ISO_TOOLS } from '../../../../tools/testing/linux-iso.js';
import { haveTools, itWith } from '../../../../tools/testing/tools.js';
import { CAPTURE_TOOLS, type ConsentedImage, captureImage, planImage } from '../../test/captures.js';
import { linuxImage } from '../../test/linux-image.js';
import { copyRecord } from '../../test/record-copy.js';
import { validateEvidence } from '../index.js';

const TOOLS = [...CAPTURE_TOOLS, ...LINUX_ISO_TOOLS];
const TIME_LIMIT = 180_000;
const EXPECTED = { ...NOTHING_EXPECTED, prompt: 'login: ', patterns: ['^Kiosk \\d'] };

let cwd: string;
let images: Record<'login' | 'panic', ConsentedImage>;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-linux-capture-'));
  if (!haveTools(...TOOLS)) return;
  images = { login: await linuxImage(cwd, 'login', 'b-17'), panic: await linuxImage(cwd, 'panic', 'b-17') };
}, TIME_LIMIT);
afterAll(() => rmSync(cwd, { recursive: true }));

const validate = (path: string) => validateEvidence([path], { cwd });

describe('a capture of a Linux', () => {
  itWith(
    TOOLS,
    'the record of a Linux keeps what was expected, and is judged by it again',
    async () => {
      const { path, evidence } = await captureImage(cwd, images.login, { expected: EXPECTED });
      expect(evidence).toMatchObject({
        buildId: 'b-17',
        expected: { ...EXPECTED, buildId: 'b-17' },
        end: 'was stopped at the line login: ',
      });
      expect(readFileSync(path, 'utf8')).toMatch(
        /^boot_result=expectation-and-build-id-recorded$[\s\S]*^serial_sentinel=none$[\s\S]*^qemu_exit_code=none$/m,
      );
      const validation = await validate(path);
      expect([...validation.values()].map(({ unverifiable }) => unverifiable)).toEqual([[]]);

      const tampered = (change: (copy: ReturnType<typeof copyRecord>) => void) => {
        const copy = copyRecord(path, mkdtempSync(join(cwd, 'tampered-')));
        change(copy);
        return expect(validate(copy.path)).rejects;
      };
      await tampered((copy) => copy.set('expected_prompt', 'root: ')).toMatchObject({ code: 'record' });
      await tampered((copy) => copy.set('expected_build_id', 'b-18')).toMatchObject({ code: 'replayed-log' });
      await tampered((copy) => copy.set('boot_end', 'ended with exit code 0')).toMatchObject({
        code: 'record',
      });
      await tampered((copy) => {
        const log = readFileSync(copy.file('serial_console_boot_log'), 'utf8');
        const panic = '[    9.000000] Kernel panic - not syncing: x\r\nkiosk login: ';
        copy.replace('serial_console_boot_log', log.replace('kiosk login: ', panic));
      }).toThrow(/which is forbidden/);
    },
    TIME_LIMIT,
  );

  itWith(
    TOOLS,
    'a Linux that panics leaves its log and no record',
    async () => {
      const capture = captureImage(cwd, images.panic, { expected: EXPECTED, outputDir: 'panicked' });
      await expect(capture).rejects.toMatchObject({ code: 'forbidden-line', kind: 'unfulfilled' });
      expect(existsSync(join(cwd, 'panicked', images.panic.profile, 'serial.log'))).toBe(true);
      expect(existsSync(join(cwd, 'panicked', `${images.panic.profile}-evidence.txt`))).toBe(false);
    },
    TIME_LIMIT,
  );

  itWith(TOOLS, 'nothing of a Linux is booted of which nothing, or another build, is expected', async () => {
    for (const [expected, reason] of [
      [undefined, /nothing is expected of it/],
      [{ ...EXPECTED, buildId: 'b-18' }, /holds the build b-17, expected was b-18/],
      [{ ...NOTHING_EXPECTED, lines: ['LATTICRA_BOOT_SEED_OK'] }, /proves nothing of another system/],
      [{ ...EXPECTED, exitCode: 3 }, /expected no exit code/],
    ] as const) {
      const plan = planImage(cwd, images.login, { ...(expected && { expected }), outputDir: 'never' });
      await expect(plan).rejects.toThrow(reason);
      await expect(plan).rejects.toMatchObject({ code: 'expectation', kind: 'usage' });
    }
    expect(existsSync(join(cwd, 'never'))).toBe(false);
  });
});
