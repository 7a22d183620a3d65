// SPDX-License-Identifier: Apache-2.0
/**
 * Builds the parts of a start by BIOS, and the program that finds the root, from their sources. Run by hand after a change
 * of those, it puts what came out beside them; a test compares the two.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const SEED = fileURLToPath(new URL('../../boot-seed/seed/', import.meta.url));

/** The other compilers make other bytes of the same sources. */
export const COMPILER = 'gcc-12';

const FLAGS = [
  ...['-std=c11', '-Os', '-Wall', '-Wextra', '-Werror', '-march=x86-64', '-mgeneral-regs-only'],
  ...[
    '-ffreestanding',
    '-fno-builtin',
    '-fno-stack-protector',
    '-fno-pic',
    '-fno-asynchronous-unwind-tables',
  ],
  ...['-fcf-protection=none', '-fno-ident', '-ffunction-sections', '-fdata-sections'],
  ...['-nostdlib', '-static', '-no-pie', '-s', '-Wa,-mx86-used-note=no'],
  ...['build-id=none', '-z,noseparate-code', '-z,noexecstack', '--gc-sections', '-z,max-page-size=4096'].map(
    (flag) => `-Wl,${flag.startsWith('-') ? flag : `--${flag}`}`,
  ),
];

const run = (program, argv, cwd) => {
  execFileSync(program, argv, { cwd, env: { PATH: process.env.PATH, LC_ALL: 'C' }, timeout: 60_000 });
};

/** Assembles one source flat, for the address it is linked for. */
function assemble(folder, source, from, address) {
  const object = join(folder, 'part.o');
  const flat = join(folder, 'part.bin');
  run('as', ['--32', '-mx86-used-note=no', '-I', SEED, '-o', object, source], from);
  run('ld', ['-m', 'elf_i386', '--oformat', 'binary', '-Ttext', address, '-e', address, '-o', flat, object]);
  return readFileSync(flat);
}

/** Compiles the helper from all its files, in the order of their names. */
function compileHelper(folder) {
  const sources = readdirSync(join(SOURCES, 'helper')).filter((name) => /\.[cS]$/.test(name));
  const program = join(folder, 'helper.elf');
  run(COMPILER, [...FLAGS, '-o', program, ...sources.sort()], join(SOURCES, 'helper'));
  return readFileSync(program);
}

/** Builds everything in a private folder, and returns the bytes by the names that they ship under. */
export function buildBiosParts() {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-bios-'));
  try {
    return {
      'master-boot.bin': assemble(folder, 'master-boot.S', SEED, '0x600'),
      'bios-loader.bin': assemble(folder, 'bios-linux.S', SOURCES, '0x7c00'),
      'helper.elf': compileHelper(folder),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, bytes] of Object.entries(buildBiosParts())) {
    writeFileSync(join(SOURCES, 'prebuilt', name), bytes);
  }
}
