// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm release:rehearse`: releases what is committed to a registry on loopback, from a clone that is thrown away; then
 * changes one leaf, releases again, and checks that only that leaf and what carries it were published; then starts
 * `latticra` from that registry in an empty folder. All of `pnpm release` but the suite's tests. Takes
 * minutes: everything is built, packed and installed.
 */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { readArguments } from '../script/script.mjs';
import { describePackage, startRegistry } from './registry.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEAF = { name: '@latticra/usb-cmd', file: 'packages/usb-cmd/src/error.ts' };
const CHANGE = ["'bad-image': 'data'", "'bad-image': 'io'"];

readArguments(import.meta.url);
const began = performance.now();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-release-')));
const clone = join(folder, 'clone');
let registry;
try {
  registry = await startRegistry(ROOT, join(folder, 'registry'));
  await rehearse({ ...process.env, ...registry.env, CI: 'true' });
} catch (error) {
  process.stderr.write(`release:rehearse: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function rehearse(env) {
  const run = (program, argv, cwd = clone) => execFileSync(program, argv, { cwd, env, stdio: 'inherit' });
  const pnpm = (...argv) => run(process.execPath, ['tools/bootstrap/pnpm.mjs', ...argv]);
  const commit = (message) => {
    run('git', ['add', '-A']);
    run('git', ['commit', '-qm', message]);
  };

  say('a clone of what is committed');
  run('git', ['clone', '-q', '--no-tags', ROOT, clone], ROOT);
  run('git', ['config', 'user.name', 'rehearsal']);
  run('git', ['config', 'user.email', 'rehearsal@localhost']);
  pnpm('install', '--frozen-lockfile', '--prefer-offline');

  say('the first release');
  pnpm('repository', 'https://repository.invalid/latticra/latticra');
  pnpm('release:version');
  commit('the first release');
  pnpm('release', '--without', 'tests');
  const first = await published();
  check('every package is published', Object.keys(first).sort(), projectNames());

  say(`a fix in ${LEAF.name}`);
  const before = contents();
  const path = join(clone, LEAF.file);
  writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), ...CHANGE));
  const changeset = `---\n'${LEAF.name}': patch\n---\n\nA rehearsal.\n`;
  writeFileSync(join(clone, '.changeset/rehearsal.md'), changeset);
  const plan = execFileSync(process.execPath, ['tools/release/version.mjs', '--plan'], {
    cwd: clone,
    env,
    encoding: 'utf8',
  });
  const expected = plan
    .trim()
    .split('\n')
    .map((line) => line.split(', ')[0])
    .sort();
  pnpm('release:version');
  commit('a fix');
  pnpm('release', '--without', 'tests', '--without', 'consumers');
  const second = await published();
  const raised = Object.keys(second)
    .filter((name) => second[name] !== first[name])
    .sort();
  check('only the leaf and what carries it have a new version', raised, expected);
  check('the command that has all lanes is among them', raised.includes('latticra'), true);
  const after = contents();
  const changed = Object.keys(after).filter((name) => !isDeepStrictEqual(after[name], before[name]));
  check(
    'nothing else has other files',
    changed.filter((name) => !raised.includes(name)),
    [],
  );
  check(
    'the leaf and the command have other files',
    [LEAF.name, 'latticra'].filter((name) => !changed.includes(name)),
    [],
  );
  process.stdout.write(`published again: ${raised.join(', ')}\n`);

  say('npx latticra, in an empty folder');
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  run('npm', ['exec', '--yes', '--', `latticra@${second.latticra}`, 'rehearse', '--emulator', 'v86'], empty);
  check('the rehearsal left a release', readdirSync(empty).length > 0, true);
  say('all of it holds');
}

/** Returns the latest version of every package of ours that the registry has. */
async function published() {
  const latest = await Promise.all(
    projectNames().map(async (name) => {
      const found = await describePackage(registry.url, name);
      return found === undefined ? [] : [[name, found['dist-tags'].latest]];
    }),
  );
  return Object.fromEntries(latest.flat());
}

function projects() {
  return ['packages', 'apps'].flatMap((kind) =>
    readdirSync(join(clone, kind)).map((name) => join(kind, name)),
  );
}

function manifestOf(project) {
  return JSON.parse(readFileSync(join(clone, project, 'package.json'), 'utf8'));
}

function projectNames() {
  return projects()
    .map((project) => manifestOf(project).name)
    .sort();
}

/** Returns, by name, the digests of all that was built of a project. */
function contents() {
  return Object.fromEntries(
    projects().map((project) => {
      const stamp = readFileSync(join(clone, 'build/stamps', `${project}.json`), 'utf8');
      return [manifestOf(project).name, JSON.parse(stamp).written];
    }),
  );
}

function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`${LEAF.file}: expected ${from} once`);
  return text.replace(from, to);
}

function check(what, found, expected) {
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  process.stdout.write(`ok  ${what}\n`);
}

/** Says what comes next, and when. */
function say(what) {
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  process.stdout.write(`\n== ${minutes} min: ${what}\n`);
}
