// SPDX-License-Identifier: Apache-2.0
/**
 * Packs every library and app as it would be published, and compares its notices with what went into its bundle, and its
 * manifest with what holds outside of this workspace. At libraries publint and attw look as well: entries that are not
 * there, types that do not resolve, a condition that points at sources. Run by `pnpm pack-check`, after a build.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPackages, formatNotices, NOTICES } from './notices/notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const pnpm = process.env.npm_execpath;
if (pnpm === undefined) throw new Error('run it as `pnpm pack-check`: it packs with the same pnpm');
const bin = (name) => join(root, 'node_modules/.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'latticra-pack-'));
let failed = 0;

/** The notices in the archive have to be those of everything that the build's metafile has in the bundle. */
function checkNotices(project, archive) {
  const shipped = execFileSync('tar', ['-xOzf', archive, `package/dist/${NOTICES}`], { encoding: 'utf8' });
  const metafile = JSON.parse(readFileSync(join(root, 'build/metafiles', `${project}.json`), 'utf8'));
  const { name } = JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8'));
  const expected = formatNotices(name, bundledPackages(metafile, join(root, project)));
  if (shipped !== expected) throw new Error(`dist/${NOTICES} is not what its bundle wants; build it again`);
}

/** What the manifest in the archive says has to hold for whoever installs it: no range of the workspace, no step of the build. */
function checkManifest(archive) {
  const text = execFileSync('tar', ['-xOzf', archive, 'package/package.json'], { encoding: 'utf8' });
  const { dependencies, peerDependencies, optionalDependencies, scripts, repository } = JSON.parse(text);
  const ranges = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  const inside = ranges.find(([, range]) => /^(workspace|link|file|catalog):/.test(range));
  if (inside !== undefined) throw new Error(`${inside.join(' ')}: is a range that only this workspace knows`);
  const [hook] = Object.keys(scripts ?? {}).filter((name) =>
    /^(pre|post)?(install|pack|publish|prepare)$/.test(name),
  );
  if (hook !== undefined) throw new Error(`scripts.${hook}: would run where it is installed`);
  const { repository: address } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (address !== undefined && repository?.url !== `git+${address}.git`)
    throw new Error('repository: is not that of this workspace; run pnpm repository <address>');
  const there = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).split('\n');
  const lost = ['package/LICENSE', 'package/README.md'].find((file) => !there.includes(file));
  if (lost !== undefined) throw new Error(`${lost}: is not packed`);
}

/** Every command and manual page that the manifest in the archive lists has to be in there. */
function checkListed(archive) {
  const tar = (...argv) => execFileSync('tar', argv, { encoding: 'utf8' });
  const { bin = {}, man = [] } = JSON.parse(tar('-xOzf', archive, 'package/package.json'));
  const there = new Set(tar('-tzf', archive).split('\n'));
  const lost = [...Object.values(bin), ...man].find((file) => !there.has(join('package', file)));
  if (lost !== undefined) throw new Error(`${lost}: is listed in package.json and not packed`);
}

try {
  const projects = ['packages', 'apps'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => ({ kind, project: join(kind, name) })),
  );
  for (const { kind, project } of projects) {
    const cwd = join(root, project);
    const target = mkdtempSync(join(folder, 'pack-'));
    try {
      execFileSync(process.execPath, [pnpm, 'pack', '--pack-destination', target], { cwd, stdio: 'pipe' });
      const [archive] = readdirSync(target).map((file) => join(target, file));
      checkNotices(project, archive);
      checkListed(archive);
      checkManifest(archive);
      if (kind === 'packages') execFileSync(bin('publint'), [archive, '--strict'], { stdio: 'pipe' });
      if (kind === 'packages')
        execFileSync(bin('attw'), [archive, '--profile', 'esm-only', '--no-emoji'], { stdio: 'pipe' });
      process.stdout.write(`${project}: good to publish\n`);
    } catch (error) {
      failed += 1;
      process.stderr.write(`${project}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
