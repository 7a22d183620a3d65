// SPDX-License-Identifier: Apache-2.0
/**
 * The package manager that package.json pins, by version and by what its archive has to be. Plain JavaScript on Node's
 * own modules: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const PINNED = /^pnpm@(\d+\.\d+\.\d+)\+sha512\.([0-9a-f]{128})$/;

/**
 * Reads `packageManager` of a package.json, in the form that Corepack understands.
 * @throws Error unless it is pnpm with a version and the SHA-512 of its archive
 */
export function parsePackageManager(text) {
  const [, version, sha512] = PINNED.exec(text ?? '') ?? [];
  if (version === undefined) {
    throw new Error(
      `package.json: packageManager: expected pnpm@<version>+sha512.<hex>, found ${JSON.stringify(text)}`,
    );
  }
  return { version, sha512 };
}

/**
 * Returns the script of the pinned pnpm: unpacked in `folder` before, else fetched by `npm pack`. What came is measured
 * before npm unpacks it, and no script in it runs.
 * @param fetch puts the archive into a folder; npm unless a test says otherwise
 * @throws Error where it cannot be fetched or unpacked, or is another archive
 */
export function pinnedPnpm({ version, sha512 }, folder, fetch = npmPack) {
  // The digest is the name: another one is fetched anew.
  const home = join(folder, `pnpm-${version}-${sha512.slice(0, 16)}`);
  const script = join(home, 'node_modules/pnpm/bin/pnpm.cjs');
  if (existsSync(script)) return script;
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, 'fetching-'));
  try {
    fetch(`pnpm@${version}`, temporary);
    const [archive, ...more] = readdirSync(temporary);
    if (archive === undefined || more.length > 0) throw new Error('npm pack: expected one archive');
    const found = createHash('sha512')
      .update(readFileSync(join(temporary, archive)))
      .digest('hex');
    if (found !== sha512) {
      throw new Error(`pnpm ${version}: the archive has SHA-512 ${found}, package.json expects ${sha512}`);
    }
    const quiet = ['--silent', '--no-save', '--no-audit', '--no-fund'];
    npm(['install', '--offline', '--ignore-scripts', ...quiet, '--prefix', '.', `./${archive}`], temporary);
    rmSync(join(temporary, archive));
    rmSync(home, { recursive: true, force: true });
    renameSync(temporary, home);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  if (!existsSync(script)) throw new Error(`pnpm ${version}: no ${script} in the archive`);
  return script;
}

/** npm checks what the registry says of the archive; whether that is the one that was pinned, we do. */
function npmPack(what, folder) {
  npm(['pack', '--silent', '--ignore-scripts', what], folder);
}

/** Runs npm, whose output goes to stderr, to a good end. */
function npm(args, cwd) {
  const { status, error } = spawnSync('npm', args, { cwd, stdio: ['ignore', 2, 2] });
  if (error) throw new Error(`npm cannot be started (${error.code}): is it installed and on PATH?`);
  if (status !== 0) throw new Error(`npm ${args[0]} ended with status ${status}: its reason is above`);
}
