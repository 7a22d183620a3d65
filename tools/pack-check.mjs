// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm pack-check`: packs every library and app as it would be published, and compares its notices with what went into its bundle, and its
 * manifest with what holds outside of this workspace. At libraries publint and attw look as well: entries that are not
 * there, types that do not resolve, a condition that points at sources. After a build. With `SIZES=write` in the environment the README of
 * each library says how large it is.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { SIZE_LINE } from './docs/size-line.mjs';
import { bundledPackages, formatNotices, NOTICES } from './notices/notices.mjs';
import { packAll, projectsIn } from './pack.mjs';
import { readArguments, refuse } from './script/script.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
readArguments(import.meta.url);
const pnpm = process.env.npm_execpath;
if (pnpm === undefined)
  refuse(import.meta.url, 'run it as `pnpm pack-check`: it packs with the same pnpm', 64);
let failed = 0;

// The core of attw comes with its command.
const ofAttw = createRequire(
  createRequire(join(root, 'package.json')).resolve('@arethetypeswrong/cli/package.json'),
);
const { checkPackage, createPackageFromTarballData } = await import(
  pathToFileURL(ofAttw.resolve('@arethetypeswrong/core')).href
);

/** Resolutions that take no ES modules alone: what attw calls the profile esm-only. */
const LEFT_OUT = ['node10', 'node16-cjs'];

/** Whoever imports a library has to find entries and types by each way of resolution that takes ES modules. */
async function checkEntries(archive) {
  const bytes = readFileSync(archive);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  const [message] = messages;
  if (message !== undefined) throw new Error(`publint: ${formatMessage(message, pkg)}`);
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (!types) throw new Error('attw: it has no types');
  const problem = problems.find(({ resolutionKind }) => !LEFT_OUT.includes(resolutionKind));
  if (problem !== undefined) throw new Error(`attw: ${JSON.stringify(problem)}`);
}

/** The notices in the archive have to be those of everything that the build's metafile has in the bundle. */
function checkNotices(project, archive) {
  const shipped = execFileSync('tar', ['-xOzf', archive, `package/dist/${NOTICES}`], { encoding: 'utf8' });
  const metafile = JSON.parse(readFileSync(join(root, 'build/metafiles', `${project}.json`), 'utf8'));
  const { name } = JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8'));
  const expected = formatNotices(name, bundledPackages(metafile, join(root, project)));
  if (shipped !== expected) throw new Error(`dist/${NOTICES} is not what its bundle wants; build it again`);
}

/** What the manifest in the archive says has to hold for whoever installs it: no range of the workspace, no step of the build. */
function checkManifest(project, archive) {
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
  const wanted = [
    'LICENSE',
    'README.md',
    ...(existsSync(join(root, project, 'CHANGELOG.md')) ? ['CHANGELOG.md'] : []),
  ];
  const lost = wanted.find((file) => !there.includes(`package/${file}`));
  if (lost !== undefined) throw new Error(`${lost}: is not packed`);
}

/** By how much what is unpacked may differ from what the README says. */
const TOLERANCE = 0.15;

/** The README of a library says how large it is unpacked; `SIZES=write` has it say so. */
function checkSize(project, archive) {
  const listing = execFileSync('tar', ['-tzvf', archive], { encoding: 'utf8' }).trim().split('\n');
  const bytes = listing.reduce((sum, line) => sum + Number(line.split(/\s+/)[2]), 0);
  const kilobytes = Math.max(1, Math.round(bytes / 1000));
  const page = join(root, project, 'README.md');
  const text = readFileSync(page, 'utf8');
  if (process.env.SIZES === 'write') {
    const line = (_, __, bundled) => `Size: ${kilobytes} kB unpacked, ${bundled} kB`;
    writeFileSync(page, text.replace(SIZE_LINE, line));
    return;
  }
  const said = Number(SIZE_LINE.exec(text)?.[1]);
  if (!(Math.abs(said - kilobytes) <= Math.max(2, kilobytes * TOLERANCE)))
    throw new Error(`README.md: says ${said} kB unpacked, it is ${kilobytes}: SIZES=write pnpm pack-check`);
}

/** Every command and manual page that the manifest in the archive lists has to be in there. */
function checkListed(archive) {
  const tar = (...argv) => execFileSync('tar', argv, { encoding: 'utf8' });
  const { bin = {}, man = [] } = JSON.parse(tar('-xOzf', archive, 'package/package.json'));
  const there = new Set(tar('-tzf', archive).split('\n'));
  const lost = [...Object.values(bin), ...man].find((file) => !there.has(join('package', file)));
  if (lost !== undefined) throw new Error(`${lost}: is listed in package.json and not packed`);
}

for (const { project, archive, error } of await packAll(root, projectsIn(root), pnpm)) {
  try {
    if (error !== undefined) throw error;
    checkNotices(project, archive);
    checkListed(archive);
    checkManifest(project, archive);
    if (project.startsWith('packages')) {
      checkSize(project, archive);
      await checkEntries(archive);
    }
    process.stdout.write(`${project}: good to publish\n`);
  } catch (problem) {
    failed += 1;
    process.stderr.write(`${project}: ${problem.message}\n${problem.stdout ?? ''}${problem.stderr ?? ''}\n`);
  }
}
process.exit(failed === 0 ? 0 : 1);
