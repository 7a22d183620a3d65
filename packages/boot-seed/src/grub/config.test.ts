// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grubConfig, MAX_GRUB_CONFIG, readGrubConfig } from './config.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

describe('grubConfig', () => {
  it('the configuration starts the kernel at once', () => {
    expect(grubConfig()).toContain('set timeout=0\n');
    expect(grubConfig()).toContain('\n  multiboot2 /boot/kernel.elf\n  boot\n}\n');
  });

  it('the configuration quotes every word of a command line, so that none means anything to GRUB', () => {
    fc.assert(
      fc.property(
        printable.filter((text) => !/['"\\]/.test(text)),
        (commandLine) => {
          const line = /^ {2}multiboot2 \/boot\/kernel\.elf(.*)$/m.exec(grubConfig(commandLine))?.[1] ?? '';
          expect(line).toMatch(/^(?: '[^'\n]*')*$/);
          expect([...line.matchAll(/'([^']*)'/g)].map(([, word]) => word).join(' ')).toBe(commandLine);
        },
      ),
    );
  });

  it('the configuration refuses a command line that GRUB would pass on changed', () => {
    for (const commandLine of ["a'b", 'a"b', 'a\\b', 'a\nb', 'a\tb', 'ä', '\x7f', 'x'.repeat(256)]) {
      expect(() => grubConfig(commandLine)).toThrow(
        expect.objectContaining({ code: 'bad-command-line', kind: 'usage' }),
      );
    }
    expect(grubConfig('x'.repeat(255))).toContain("x'\n");
  });
});

describe('readGrubConfig', () => {
  const read = async (content: string | Uint8Array) => {
    await writeFile(join(folder, 'grub.cfg'), content);
    return readGrubConfig(join(folder, 'grub.cfg'));
  };

  it('a configuration is read as text, unchanged', async () => {
    for (const text of ['boot', '# ä\r\n\tset a=1\n', 'x'.repeat(MAX_GRUB_CONFIG)])
      expect(await read(text)).toBe(text);
  });

  it('a configuration is refused when it is no text, too large, or not there', async () => {
    const bad = { code: 'bad-grub-config', kind: 'data' };
    for (const content of ['', ' \n', 'a\0b', '\x1b[2J', Uint8Array.of(0x61, 0xff)]) {
      await expect(read(content)).rejects.toMatchObject(bad);
    }
    await expect(read('x'.repeat(MAX_GRUB_CONFIG + 1))).rejects.toMatchObject({ kind: 'data' });
    await expect(readGrubConfig(join(folder, 'none'))).rejects.toMatchObject({ kind: 'input-missing' });
    await expect(readGrubConfig(folder)).rejects.toMatchObject({ kind: 'data' });
  });
});
