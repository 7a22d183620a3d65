// SPDX-License-Identifier: Apache-2.0
/** Faults in the calls of a process, by a library that is loaded before it; `fault.c` says what it takes. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the library into `folder` and returns its path. Needs gcc. */
export function buildFaultLibrary(folder: string): string {
  const library = join(folder, 'fault.so');
  const source = fileURLToPath(new URL('./fault.c', import.meta.url));
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, source, '-ldl']);
  return library;
}
