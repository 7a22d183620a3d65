// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FirmwareRoots } from './firmware/roots.js';
import { IMAGE_TOOLS, surveyImageTools } from './image-tools.js';

let folder: string;
const NO_FIRMWARE: FirmwareRoots = { descriptorFolders: [], uefiPairs: [], seaBios: [] };
const PROGRAMS = Object.values(IMAGE_TOOLS).flat();

/** Puts programs that fail when run into a folder, and looks along it. */
function survey(programs: readonly string[], roots = NO_FIRMWARE) {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const program of programs) {
    writeFileSync(join(bin, program), '#!/bin/sh\nexit 99\n');
    chmodSync(join(bin, program), 0o755);
  }
  return surveyImageTools({ PATH: bin }, roots);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-tools-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('surveyImageTools', () => {
  it('a survey finds everything where everything is', () => {
    const found = survey(PROGRAMS);
    expect(found.paths.grub_mkrescue).toBe(join(folder, 'bin/grub-mkrescue'));
    expect(found.paths.c_compiler).toBe(join(folder, 'bin/cc'));
    expect([found.missingForGrub, found.missingForImage]).toEqual([[], []]);
  });

  it('a survey finds nothing where nothing is, and says what is missing', () => {
    const found = survey([]);
    expect(Object.values(found.paths).every((path) => path === undefined)).toBe(true);
    expect([found.ovmf, found.seaBios]).toEqual([undefined, undefined]);
    expect(found.missingForImage).toContain('sha256sum or shasum');
    expect(found.missingForGrub).toEqual(
      'grub-mkrescue grub-mkstandalone grub-mkimage grub-file xorriso mformat mcopy'.split(' '),
    );
  });

  it.each([
    ['shasum', 'sha256_tool'],
    ['sha256sum', 'sha256_tool'],
    ['clang', 'c_compiler'],
    ['gcc', 'c_compiler'],
  ] as const)('the program %s counts as a %s', (program, tool) => {
    expect(survey([program]).paths[tool]).toBe(join(folder, 'bin', program));
  });

  it.each('qemu-img qemu-system-x86_64 xorriso grub-mkrescue tar gzip cpio awk sed find'.split(' '))(
    'an image cannot be built without %s',
    (missing) => {
      expect(survey(PROGRAMS.filter((program) => program !== missing)).missingForImage).toEqual([missing]);
    },
  );

  it('an image can be built without a compiler and ssh-keygen', () => {
    const found = survey(PROGRAMS.filter((program) => !/^(cc|gcc|clang|as|ld|ssh-keygen)$/.test(program)));
    expect([found.missingForGrub, found.missingForImage]).toEqual([[], []]);
  });

  it('a survey names the firmware that a VM would get', () => {
    const files = { code: 'CODE.fd', vars: 'VARS.fd', bios: 'bios-256k.bin' };
    writeFileSync(join(folder, files.code), Buffer.alloc(3_653_632));
    writeFileSync(join(folder, files.vars), Buffer.alloc(540_672));
    writeFileSync(join(folder, files.bios), Buffer.alloc(262_144));
    const found = survey([], {
      descriptorFolders: [],
      uefiPairs: [[join(folder, files.code), join(folder, files.vars)]],
      seaBios: [join(folder, files.bios)],
    });
    expect([found.ovmf, found.seaBios]).toEqual([join(folder, files.code), join(folder, files.bios)]);
  });
});
