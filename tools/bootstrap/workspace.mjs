// SPDX-License-Identifier: Apache-2.0
/**
 * Set-up that `npm start` and `npm test` do for themselves: the pinned pnpm, the dependencies, the bundled
 * apps. Each step leaves a fingerprint of what it worked from, and is skipped while that is unchanged, so a
 * second run goes straight to the point. Plain JavaScript on Node's own modules: it runs before anything is
 * installed. What it shows goes to stderr; stdout belongs to the command that was asked for.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFIGURATION } from '../release/built.mjs';
import { nxEnv } from '../workspace-plugin/nx-env.mjs';
import { parsePackageManager, pinnedPnpm } from './pinned.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const [MAJOR, MINOR] = process.versions.node.split('.').map(Number);

/** No background process is left behind, and nobody is told about newer versions of pinned tools. */
const QUIET = { NX_DAEMON: 'false', npm_config_update_notifier: 'false', NO_UPDATE_NOTIFIER: '1' };

/**
 * Installs and builds what is missing or out of date.
 * @param apps those that are built, as Nx names projects
 */
export function prepare(apps) {
  if (MAJOR < 20 || (MAJOR === 20 && MINOR < 19)) {
    fail(`Node ${process.versions.node} is too old: install Node 20.19 or later, then run this again`);
  }
  step(
    'installed',
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...projectFiles('package.json')],
    () => pnpm('install', '--frozen-lockfile'),
  );
  step(`built-${apps.replace(/\W+/g, '-')}`, ['pnpm-lock.yaml', 'docs/recovery.md', ...sourceFiles()], () => {
    pnpm('exec', 'nx', 'run-many', '-t', 'build', '--projects', apps);
    run(process.execPath, [join(ROOT, 'tools/link-bins.mjs')]);
  });
}

/** Runs a program in the workspace to its end and gives back its exit status. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    ...options,
  });
  if (error) fail(`${command} cannot be started (${error.code}): is it installed and on PATH?`);
  return signal ? 1 : status;
}

/** Runs `action` unless it already ran for these very files. */
function step(name, files, action) {
  const stamp = join(ROOT, 'node_modules', '.latticra', name);
  const fingerprint = digestOf(files);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  action();
  mkdirSync(join(ROOT, 'node_modules', '.latticra'), { recursive: true });
  writeFileSync(stamp, fingerprint);
}

/**
 * Runs the pnpm that package.json names, to a good end or none: the one on PATH when it is that version (which somebody
 * installed, or Corepack, that checks the digest as well), else the one that is fetched and measured.
 */
export function pnpm(...args) {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const pinned = orFail(() => parsePackageManager(packageManager));
  const onPath = spawnSync('pnpm', ['--version'], { cwd: ROOT, encoding: 'utf8' });
  const env = { ...nxEnv(process.env), ...QUIET };
  const isPinned = onPath.status === 0 && onPath.stdout.trim() === pinned.version;
  const script = isPinned ? undefined : orFail(() => pinnedPnpm(pinned, join(ROOT, 'build/pnpm')));
  // What scripts call by name is the same one.
  if (script !== undefined) env.PATH = [join(script, '../../../.bin'), env.PATH].join(delimiter);
  const status =
    script === undefined ? run('pnpm', args, { env }) : run(process.execPath, [script, ...args], { env });
  if (status !== 0) fail(`pnpm ${args.join(' ')} ended with status ${status}: its reason is above`);
}

function projects() {
  return ['packages', 'apps'].flatMap((kind) =>
    readdirSync(join(ROOT, kind)).map((name) => join(kind, name)),
  );
}

function projectFiles(name) {
  return projects()
    .map((project) => join(project, name))
    .filter((file) => existsSync(join(ROOT, file)));
}

function sourceFiles() {
  const below = (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    if (!stats.isDirectory()) return [relative(ROOT, path)];
    return readdirSync(path).flatMap((name) => below(join(path, name)));
  };
  const folders = projects().flatMap((project) => [join(project, 'src'), join(project, 'seed')]);
  return [...folders, 'installer', ...CONFIGURATION]
    .flatMap((path) => below(join(ROOT, path)))
    .filter((file) => !file.endsWith('.test.ts'));
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function orFail(action) {
  try {
    return action();
  } catch (error) {
    return fail(error.message);
  }
}

function fail(reason) {
  process.stderr.write(`latticra: ${reason}\n`);
  process.exit(1);
}
