// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import type { DeviceAssessment } from './assess.js';
import { usbCommands } from './command.js';
import { NOTHING_LEARNED } from './facts.js';

/**
 * What BSD's own tools take, as their manuals on macOS say: no long options, nothing after the first operand, sizes
 * for dd in lower case, and none of GNU's conversions. Each hands over to the tool of this machine.
 */
const BSD_TOOLS: Record<string, string> = {
  head: `
while getopts :n:c: option; do case $option in '?' | :) exit 64 ;; esac; done
exec /usr/bin/env PATH="$REAL_PATH" head "$@"`,
  cmp: `
for word; do case $word in -) ;; -[lsxhz]) ;; -*) exit 64 ;; esac; done
[ $# -ge 2 ] && [ $# -le 3 ] || exit 64
exec /usr/bin/env PATH="$REAL_PATH" cmp "$@"`,
  dd: `
for word; do
  shift
  case $word in
    bs=[1-9]m) word=\${word%m}M ;;
    if=*|of=*|count=[0-9]*) ;;
    *) exit 64 ;;
  esac
  set -- "$@" "$word"
done
exec /usr/bin/env PATH="$REAL_PATH" dd "$@" conv=notrunc status=none`,
};

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
    itWith(
      ['dd', 'head', 'cmp', 'sh'],
      `the printed commands write and verify exactly ${isoPath}`,
      async () => {
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
      },
    );
  }
});

describe('the commands for macOS', () => {
  /** The same folder, with tools that refuse what BSD's do not know. */
  function bsd(line: string) {
    const env = { PATH: `${folder}/bsd:${folder}:${process.env.PATH}`, REAL_PATH: process.env.PATH };
    return spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
  }

  itWith(
    ['dd', 'head', 'cmp', 'sh'],
    'the commands for macOS use nothing that its tools do not have',
    async () => {
      await mkdir(join(folder, 'bsd'));
      for (const [name, script] of Object.entries(BSD_TOOLS)) {
        await writeFile(join(folder, 'bsd', name), `#!/bin/sh${script}\n`, { mode: 0o755 });
      }
      const isoPath = '- an "iso", é.iso';
      const iso = Buffer.alloc(SIZE, 'latticra ');
      await writeFile(join(folder, isoPath), iso);
      await writeFile(join(folder, 'stick'), Buffer.alloc(2 * SIZE, 0xff));
      const device: DeviceAssessment = {
        path: '/dev/rdisk4',
        platform: 'macos',
        valid: true,
        placeholder: false,
        inspected: true,
        facts: NOTHING_LEARNED,
        reason: undefined,
      };
      const { write, verify } = usbCommands(device, isoPath, SIZE);
      const onStick = (line: string) => bsd(line.replace(/\/dev\/r?disk4/, 'stick'));
      expect(onStick(verify).status).toBe(1);
      expect(onStick(write).status).toBe(0);
      expect(onStick(verify)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      // The tools of this test do refuse.
      expect(bsd('head --bytes=1 stick').status).toBe(64);
      expect(bsd('cmp -n 1 stick stick').status).toBe(64);
      expect(bsd('dd if=stick of=other bs=4M').status).toBe(64);
      expect(bsd('dd if=stick of=other bs=4m conv=fsync').status).toBe(64);
    },
  );
});
