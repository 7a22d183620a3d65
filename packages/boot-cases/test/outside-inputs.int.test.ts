// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sum } from './record.js';

let base: string;
const at = (name: string) => join(base, name);
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'latticra-outside-inputs-'));
});
afterEach(() => rmSync(base, { recursive: true }));

describe('the outside inputs of a boot, as a program', () => {
  const SCRIPT = fileURLToPath(new URL('../outside-inputs.mjs', import.meta.url));
  const run = () =>
    spawnSync(process.execPath, [SCRIPT], {
      encoding: 'utf8',
      env: { PATH: at('bin'), XDG_CONFIG_HOME: base },
    });

  it('the program prints what QEMU says of itself, or that there is none, and the firmware', () => {
    mkdirSync(at('qemu/firmware'), { recursive: true });
    writeFileSync(at('qemu/firmware/50-a.json'), '{}');
    const line = `${sum('{}')}  ${at('qemu/firmware/50-a.json')}\n`;
    const without = run();
    expect([without.status, without.stderr]).toEqual([0, '']);
    expect(without.stdout).toMatch(/^no qemu-system-x86_64\n/);
    expect(without.stdout).toContain(line);
    mkdirSync(at('bin'));
    writeFileSync(at('bin/qemu-system-x86_64'), '#!/bin/sh\necho "version 7 $1"\n', { mode: 0o755 });
    expect(run().stdout).toBe(without.stdout.replace('no qemu-system-x86_64', 'version 7 --version'));
  });

  it.each([
    ['a folder', () => symlinkSync('qemu', at('qemu')), /ELOOP/],
    [
      'QEMU',
      () => {
        mkdirSync(at('bin'));
        writeFileSync(at('bin/qemu-system-x86_64'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
      },
      /qemu-system-x86_64/,
    ],
  ])('the program fails when %s gives no answer, and prints what no cache can have', (_, damage, reason) => {
    damage();
    const [first, second] = [run(), run()];
    expect([first.status, first.stderr]).toEqual([1, expect.stringMatching(reason)]);
    expect(first.stdout).not.toBe(second.stdout);
  });
});
