// SPDX-License-Identifier: Apache-2.0
/** What can be typed here: the scripts and programs of the workspace, and the flags of its lanes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../apps/latticra/src/commands/table.js';
import { shortNameOf } from '../../apps/latticra/src/lanes/find.js';
import { loadLane } from '../../apps/latticra/src/lanes/load.js';
import { LANES } from '../../apps/latticra/src/lanes/table.js';
import { loadProgram } from '../../apps/latticra/src/program.js';
import { type FlagSpecs, type Lane, type Program, parseFlags } from '../../packages/lane/src/index.js';
import { blocksOf, ROOT } from './blocks.js';
import type { Command } from './commands.js';
import { stepsOf } from './follow.js';

const APPS = join(ROOT, 'apps');
const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** By what is typed: `latticra rehearse`, `latticra-boot-seed-build`. */
const lanes = new Map<string, Lane>();
const bins = new Set<string>();
for (const app of readdirSync(APPS)) {
  for (const bin of Object.keys(json(`apps/${app}/package.json`).bin)) bins.add(bin);
  if (app === 'latticra') continue;
  const has = (file: string) => existsSync(join(APPS, app, file));
  if (has('src/lane.ts')) add((await import(join(APPS, app, 'src/lane.ts'))).lane);
  if (has('src/program.ts')) {
    const module: { program?: Program; createProgram?: () => Program } = await import(
      join(APPS, app, 'src/program.ts')
    );
    for (const lane of Object.values((module.program ?? module.createProgram?.())?.lanes ?? {})) add(lane);
  }
}

for (const lane of Object.values((await loadProgram()).lanes)) add(lane);
// Every lane is also a command of latticra, by each of its names.
for (const entry of LANES) {
  const loaded = await loadLane(entry, '');
  for (const name of [entry.name, shortNameOf(entry, LANES, COMMANDS) ?? []].flat()) {
    if ('lane' in loaded) lanes.set(`latticra ${name}`, loaded.lane);
    else
      for (const [word, lane] of Object.entries(loaded.program.lanes))
        lanes.set(`latticra ${name} ${word}`, lane);
  }
}
/** What latticra itself says. */
const WORDS = new Set(['help', 'version', '--help']);

function add(lane: Lane): void {
  lanes.set(lane.bin, lane);
}

/** Programs that are not of this workspace. */
const OUTSIDE = new Set(
  `break cat cd chromium cmp cp echo gdb git grep head kill mkdir mmdebstrap mv openssl printf readelf sbsign script sed sh sha256sum sleep ssh-keygen strace tail tar tr uname`.split(
    ' ',
  ),
);

/** Returns what is wrong with a command, or undefined. */
export function problemOf({ page, words }: Command): string | undefined {
  const [program = '', ...args] = words;
  const lost = args.find(
    (word) => /^(apps|packages|tools|docs|installer)\//.test(word) && !isThere(word) && !isMadeOn(page, word),
  );
  if (lost !== undefined) return `${lost}: is not there`;
  switch (program) {
    case 'pnpm':
      return pnpmProblem(page, args);
    case 'npx':
      return programProblem(args[0] ?? '', args.slice(1));
    case 'npm':
      return npmProblem(args);
    case 'node':
      if (args[0] === '-e' || args.some(isThere) || isWrittenOn(page, args[0] ?? '')) return undefined;
      return `${args.join(' ')}: names no script`;
    default:
      return OUTSIDE.has(program) ? undefined : programProblem(program, args);
  }
}

/** Returns whether a page has its reader put something into a file of this name. */
function isMadeOn(page: string, name: string): boolean {
  return blocksOf(page).some(({ language, text }) => language === 'sh' && text.includes(`> ${name} <<`));
}

/** Returns whether a page has its reader write a script of this name. */
function isWrittenOn(page: string, script: string): boolean {
  return stepsOf(blocksOf(page)).some((step) => step.kind === 'file' && step.name === script);
}

/** Returns whether a file is in the tree, or made of one that is. */
function isThere(word: string): boolean {
  if (/[{*]/.test(word)) return true;
  return existsSync(join(ROOT, word.replace(/(apps\/[^/]+)\/dist\/main\.cjs$/, '$1/src/main.ts')));
}

function pnpmProblem(page: string, args: readonly string[]): string | undefined {
  const [word = '', ...rest] = args.filter((arg) => arg !== '-r');
  if (['install', 'publish'].includes(word)) return undefined;
  if (word === 'exec') return programProblem(rest[0] ?? '', rest.slice(1));
  const own = page.match(/^(?:apps|packages)\/[^/]+/)?.[0];
  const manifests = ['package.json', ...(own === undefined ? [] : [`${own}/package.json`])];
  if (manifests.some((path) => Object.hasOwn(json(path).scripts ?? {}, word))) return undefined;
  return programProblem(word, rest);
}

function npmProblem([word = '', dashes, ...rest]: readonly string[]): string | undefined {
  if (word === 'install' && dashes?.startsWith('@latticra/')) {
    const unknown = [dashes, ...rest].filter(
      (name) => !existsSync(join(ROOT, 'packages', name.replace(/^@latticra\//, ''))),
    );
    return unknown.length > 0 ? `npm install ${unknown.join(' ')}: no such package` : undefined;
  }
  if (!Object.hasOwn(json('package.json').scripts, word)) return `npm ${word}: no such script`;
  return word === 'start' && dashes === '--' ? programProblem('latticra', ['rehearse', ...rest]) : undefined;
}

function programProblem(program: string, args: readonly string[]): string | undefined {
  if (bins.has(program)) return laneProblem(program, args);
  if (program === 'nx' && args[0] === 'g') return generatorProblem(args.slice(1));
  return existsSync(join(ROOT, 'node_modules/.bin', program)) ? undefined : `${program}: no such program`;
}

function laneProblem(bin: string, args: readonly string[]): string | undefined {
  const only = lanes.get(bin);
  if (only !== undefined) return flagProblem(only, args);
  const [word, ...rest] = args;
  // A guard takes nothing; what it checks is its name.
  if (word === undefined)
    return bin.startsWith('test-') || bin === 'latticra' ? undefined : `${bin}: needs a command`;
  if (bin === 'latticra' && WORDS.has(word)) return undefined;
  const lane = lanes.get(`${bin} ${word}`);
  if (lane === undefined && lanes.has(`${bin} ${word} ${rest[0]}`))
    return laneProblem(`${bin} ${word}`, rest);
  if (lane === undefined) return `${bin} ${word}: no such command`;
  // With nothing behind it, it is named and not called.
  return rest.length === 0 ? undefined : flagProblem(lane, rest);
}

function flagProblem(lane: Lane, args: readonly string[]): string | undefined {
  if (args.includes('--help')) return undefined;
  const common: FlagSpecs = {
    json: { value: 'none', help: '' },
    quiet: { value: 'none', help: '' },
    ...(lane.fixture === undefined ? {} : { manifest: { value: 'path', help: '' } }),
  };
  try {
    parseFlags(args, { ...common, ...lane.flags });
    return undefined;
  } catch (error) {
    return `${lane.bin}: ${error instanceof Error ? error.message : error}`;
  }
}

function generatorProblem([name = '', ...args]: readonly string[]): string | undefined {
  const { generators } = json('tools/workspace/generators.json');
  const generator = name.replace(/^@latticra\/workspace:/, '');
  if (!Object.hasOwn(generators, generator)) return `${name}: no such generator`;
  const { properties } = json(`tools/workspace/${generators[generator].schema}`);
  const unknown = args.find((arg) => arg.startsWith('--') && !Object.hasOwn(properties, arg.slice(2)));
  return unknown === undefined ? undefined : `${name}: has no ${unknown}`;
}
