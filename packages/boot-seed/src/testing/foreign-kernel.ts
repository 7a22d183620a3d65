// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEED_SOURCES } from '../seed/sources.js';
import source from './foreign-kernel.S';

const SIZE = 8 << 20;
const ADDRESS = '0x100000';

/** The command line that the foreign kernel has to be given, and its answer when all was right. */
export const FOREIGN = {
  commandLine: 'console=ttyS0 from=test',
  sentinel: 'FOREIGN_KERNEL_OK',
  exitCode: 43,
} as const;

/**
 * Assembles the kernel of foreign-kernel.S with content that looks random and is always the same: 8 MiB in all by
 * default, to be started by our own loaders.
 */
export function assembleForeignKernel(
  bits: 32 | 64,
  { size = SIZE, loaderName = 'Latticra Boot Seed' } = {},
): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-foreign-'));
  try {
    const payload = new Uint32Array((size - 8192) / 4);
    let state = 1;
    let sum = 0;
    payload.forEach((_, index) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      payload[index] = state;
      sum = (((sum << 1) | (sum >>> 31)) + state) >>> 0;
    });
    writeFileSync(join(folder, 'payload.bin'), payload);
    writeFileSync(join(folder, 'loader-name'), loaderName);
    writeFileSync(join(folder, 'kernel.S'), source);
    writeFileSync(join(folder, 'serial.S'), SEED_SOURCES['serial.S']);
    const run = (tool: string, ...argv: string[]) => execFileSync(tool, argv, { cwd: folder });
    const elf64 = bits === 64 ? ['--defsym', 'ELF64=1'] : [];
    run('as', `--${bits}`, '--defsym', `CHECKSUM=${sum}`, ...elf64, '-o', 'kernel.o', 'kernel.S');
    const emulation = bits === 64 ? 'elf_x86_64' : 'elf_i386';
    run(
      'ld',
      '-m',
      emulation,
      '--oformat',
      'binary',
      '-Ttext',
      ADDRESS,
      '-e',
      ADDRESS,
      '-o',
      'kernel',
      'kernel.o',
    );
    return new Uint8Array(readFileSync(join(folder, 'kernel')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
