// SPDX-License-Identifier: Apache-2.0
/**
 * Assembles the UEFI stub from its sources. Run by hand after a change of those, it puts what came out beside them; a test
 * compares the two.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
/** What it shares with the boot seed's loader lies there. */
const SEED = fileURLToPath(new URL('../../boot-seed/seed/', import.meta.url));

const run = (program, argv) => {
  execFileSync(program, argv, {
    cwd: SOURCES,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    timeout: 60_000,
  });
};

/** Assembles the stub in a private folder, and returns its bytes. */
export function buildUefiStub() {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-stub-'));
  try {
    const object = join(folder, 'stub.o');
    const flat = join(folder, 'stub.bin');
    run('as', ['--64', '-mx86-used-note=no', '-I', SEED, '-o', object, 'uefi-stub.S']);
    run('ld', ['-m', 'elf_x86_64', '--oformat', 'binary', '-Ttext', '0', '-e', '0', '-o', flat, object]);
    return readFileSync(flat);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(SOURCES, 'prebuilt/uefi-stub.bin'), buildUefiStub());
}
