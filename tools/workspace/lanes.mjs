// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm lanes`: writes what the command `latticra` has of the lanes in `apps/`: the entry `./lane` of each app, what `apps/latticra` declares
 * and installs, and its table of lanes. The generator of lanes does it too; a test fails where it would
 * write something else.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../script/script.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The command itself, and its table, relative to the root. */
const COMMAND = 'apps/latticra';
export const TABLE = `${COMMAND}/src/lanes/table.ts`;
const COMMANDS = `${COMMAND}/src/commands/table.ts`;

/** The files of an app that make a lane or a program of several, in the order they are looked for. */
const SOURCES = ['src/lane.ts', 'src/program.ts'];

/** The summary stands once in a lane, and first in a program. */
const SUMMARY = /^ +summary:\s+(['"])(.*?)\1,$/m;

/**
 * Lists the apps that `latticra` runs: all but itself, and those without a lane.
 * @returns folder, package, source, bin and summary of each, in the order of their names
 * @throws Error for a lane without a summary that can be read
 */
export function lanesIn(root = ROOT) {
  return readdirSync(join(root, 'apps'))
    .sort()
    .flatMap((name) => {
      const folder = `apps/${name}`;
      const source = SOURCES.find((file) => existsSync(join(root, folder, file)));
      if (folder === COMMAND || source === undefined) return [];
      const summary = SUMMARY.exec(readFileSync(join(root, folder, source), 'utf8'))?.[2];
      if (summary === undefined) throw new Error(`${folder}/${source}: has no summary on one line`);
      const { name: packageName, bin } = readJson(root, `${folder}/package.json`);
      return [{ name, folder, packageName, source, bin: Object.keys(bin)[0], summary }];
    });
}

/** Returns the text of every file that is made of the list of lanes, by its path from the root. */
export function laneFiles(root = ROOT) {
  const lanes = lanesIn(root);
  const files = new Map(
    lanes.map(({ folder, source }) => [
      `${folder}/package.json`,
      formatJson(exporting(readJson(root, `${folder}/package.json`), source)),
    ]),
  );
  const own = readJson(root, `${COMMAND}/package.json`);
  files.set(`${COMMAND}/package.json`, formatJson(declaring(own, lanes, root)));
  files.set(TABLE, formatTable(lanes));
  return files;
}

/** Adds the entry of a lane, which is for this workspace alone: what is published has nothing to import. */
function exporting(manifest, source) {
  const { bin, publishConfig, devDependencies, exports: _, ...rest } = manifest;
  return {
    ...rest,
    bin,
    exports: { './lane': { '@latticra/source': `./${source}` } },
    publishConfig: { ...publishConfig, exports: { './package.json': './package.json' } },
    ...(devDependencies === undefined ? {} : { devDependencies }),
  };
}

/** Declares every lane, and installs each under its long name. */
function declaring(manifest, lanes, root) {
  const names = new Set(lanes.map(({ packageName }) => packageName));
  const others = Object.entries(manifest.devDependencies).filter(
    ([name]) => !names.has(name) && isThere(name, root),
  );
  const all = [...others, ...[...names].map((name) => [name, 'workspace:^'])];
  return {
    ...manifest,
    bin: Object.fromEntries([
      ['latticra', './dist/main.cjs'],
      ...lanes.map(({ bin }) => [bin, `./dist/bin/${bin}.cjs`]),
    ]),
    man: [...ownPages(root), ...lanes.map(({ bin }) => bin)].sort().map((page) => `./dist/man/${page}.1`),
    devDependencies: Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Returns whether a package of this workspace is still there; others are none of ours to drop. */
function isThere(name, root) {
  const folder = name.replace('@latticra/', '');
  return (
    !name.startsWith('@latticra/') ||
    ['apps', 'packages'].some((kind) => existsSync(join(root, kind, folder)))
  );
}

function formatTable(lanes) {
  const quote = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);
  const entries = lanes.map(
    ({ name, packageName, bin, summary }) => `\
  {
    name: '${name}',
    bin: '${bin}',
    summary: ${quote(summary)},
    load: () => import('${packageName}/lane'),
  },
`,
  );
  return `\
// SPDX-License-Identifier: Apache-2.0
import type { LaneEntry } from './entry.js';

/** Every lane of \`apps/\`, in the order of their names: written by \`pnpm lanes\`. */
export const LANES: readonly LaneEntry[] = [
${entries.join('')}];
`;
}

/** Lists the manual pages of the command itself, one for each of its own commands. */
function ownPages(root) {
  const table = readFileSync(join(root, COMMANDS), 'utf8');
  return [
    'latticra',
    ...[...table.matchAll(/^ {4}name: '([\w-]+)',$/gm)].map(([, name]) => `latticra-${name}`),
  ];
}

const readJson = (root, path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const formatJson = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** Writes the files of a workspace; biome has a last look, as it has at every source. */
export function writeLanes(root = ROOT) {
  const files = laneFiles(root);
  for (const [path, text] of files) writeFileSync(join(root, path), text);
  const biome = join(root, 'node_modules/.bin/biome');
  execFileSync(biome, ['check', '--write', ...files.keys()], { cwd: root, stdio: 'pipe' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  readArguments(import.meta.url);
  writeLanes();
}
