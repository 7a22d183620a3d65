// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Returns the most memory that a run took, in MiB, as GNU time says. */
export function peakMib({ argv, cwd }) {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-peak-'));
  try {
    const log = join(folder, 'peak.txt');
    execFileSync('/usr/bin/time', ['-f', '%M', '-o', log, ...argv], { cwd, stdio: 'pipe' });
    return Number(readFileSync(log, 'utf8')) / 1024;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
