// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { buildBiosParts, COMPILER } from '../../boot/rebuild-bios.mjs';

itWith(
  ['as', 'ld', COMPILER],
  'the sources of loader, master boot code and helper build to the bytes that ship',
  () => {
    for (const [name, bytes] of Object.entries(buildBiosParts())) {
      const shipped = readFileSync(new URL(`../../boot/prebuilt/${name}`, import.meta.url));
      expect(Buffer.compare(bytes, shipped), `${name}: run "node boot/rebuild-bios.mjs"`).toBe(0);
    }
  },
);

itWith(['as', 'ld', COMPILER], 'the helper is a static program of less than 16 KiB', () => {
  const { 'helper.elf': helper } = buildBiosParts();
  const elf = Buffer.from(helper);
  expect(elf.toString('latin1', 0, 6)).toBe('\x7fELF\x02\x01');
  expect(elf.readUInt16LE(16)).toBe(2);
  expect(elf.length).toBeLessThan(16 * 1024);
  // No program header asks for an interpreter or for dynamic linking.
  const [at, count] = [Number(elf.readBigUInt64LE(32)), elf.readUInt16LE(56)];
  const types = Array.from({ length: count }, (_, index) => elf.readUInt32LE(at + 56 * index));
  expect(types).not.toContain(2);
  expect(types).not.toContain(3);
});
