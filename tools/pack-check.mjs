// SPDX-License-Identifier: Apache-2.0
/**
 * Packs every library as it would be published, and lets publint and attw look at the archive: entries that
 * are not there, types that do not resolve, a condition that points at sources. Run by `pnpm pack-check`, after a
 * build.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const pnpm = process.env.npm_execpath;
if (pnpm === undefined) throw new Error('run it as `pnpm pack-check`: it packs with the same pnpm');
const bin = (name) => join(root, 'node_modules/.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'latticra-pack-'));
let failed = 0;
try {
  for (const name of readdirSync(join(root, 'packages'))) {
    const cwd = join(root, 'packages', name);
    const target = mkdtempSync(join(folder, `${name}-`));
    try {
      execFileSync(process.execPath, [pnpm, 'pack', '--pack-destination', target], { cwd, stdio: 'pipe' });
      const [archive] = readdirSync(target).map((file) => join(target, file));
      execFileSync(bin('publint'), [archive, '--strict'], { stdio: 'pipe' });
      execFileSync(bin('attw'), [archive, '--profile', 'esm-only', '--no-emoji'], { stdio: 'pipe' });
      process.stdout.write(`packages/${name}: good to publish\n`);
    } catch (error) {
      failed += 1;
      process.stderr.write(
        `packages/${name}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}\n`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
