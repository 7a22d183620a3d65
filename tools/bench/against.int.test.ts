// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('against.mjs', import.meta.url));

it.each([
  [
    [],
    'bench:compare: expected <commit> [<runs>], found nothing; usage: pnpm bench:compare <commit> [<runs>]\n',
  ],
  [['main', 'many'], 'bench:compare: expected how many runs, a whole number above 0; found many\n'],
  [['no-such-branch'], 'bench:compare: no-such-branch: no commit of this repository\n'],
])('a comparison with %j is refused in one line, and leaves nothing behind', (argv, reason) => {
  const temporary = mkdtempSync(join(tmpdir(), 'latticra-against-'));
  try {
    const env = { ...process.env, TMPDIR: temporary };
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...argv], {
      encoding: 'utf8',
      env,
    });
    expect([status, stdout, stderr]).toEqual([64, '', reason]);
    expect(readdirSync(temporary)).toEqual([]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
});
