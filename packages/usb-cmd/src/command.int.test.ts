// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import type { DeviceAssessment } from './assess.js';
import { usbCommands } from './command.js';
import { NOTHING_LEARNED } from './facts.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usb-cmd-'));
  await writeFile(join(folder, 'sudo'), '#!/bin/sh\nexec "$@"\n');
  await chmod(join(folder, 'sudo'), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a printed line the way an operator does, without becoming anyone else. */
function sh(line: string): number | null {
  const path = `${folder}:${process.env.PATH}`;
  return spawnSync('sh', ['-c', line], { cwd: folder, env: { PATH: path }, stdio: 'ignore' }).status;
}

const SIZE = 4 * 1024 * 1024 + 1234;

describe('the printed commands, run as printed with a file for a device', () => {
  for (const isoPath of ['os.iso', "-a 'b' $c,d:é.iso"]) {
    itWith(['dd', 'head', 'cmp', 'sh'], `write and verify exactly ${isoPath}`, async () => {
      const stick = join(folder, "the 'stick'");
      const device: DeviceAssessment = {
        path: stick,
        platform: 'linux',
        valid: true,
        placeholder: false,
        inspected: true,
        facts: NOTHING_LEARNED,
        reason: undefined,
      };
      const iso = Buffer.alloc(SIZE, 'latticra ');
      await writeFile(join(folder, isoPath), iso);
      await writeFile(stick, Buffer.alloc(2 * SIZE, 0xff));
      const { write, verify } = usbCommands(device, isoPath, SIZE);
      expect(sh(verify)).toBe(1);
      // dd truncates a file where it would not truncate a device.
      expect(sh(`${write} conv=notrunc`)).toBe(0);
      expect(sh(verify)).toBe(0);
      const written = await readFile(stick);
      expect(written.subarray(0, SIZE).equals(iso)).toBe(true);
      expect(written.subarray(SIZE).equals(Buffer.alloc(SIZE, 0xff))).toBe(true);

      // What lies past the image is none of its business; its last byte is.
      const flipped = Buffer.from(written);
      flipped.writeUInt8(0, SIZE);
      await writeFile(stick, flipped);
      expect(sh(verify)).toBe(0);
      flipped.writeUInt8(written.readUInt8(SIZE - 1) ^ 1, SIZE - 1);
      await writeFile(stick, flipped);
      expect(sh(verify)).toBe(1);
      await writeFile(stick, written.subarray(0, SIZE - 1));
      expect(sh(verify)).toBe(1);
    });
  }
});
