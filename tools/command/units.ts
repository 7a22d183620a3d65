// SPDX-License-Identifier: Apache-2.0
import { dirname, relative, resolve, sep } from 'node:path';
import type { BuildResult, Metafile, Plugin } from 'esbuild';
import { isAtStart, sourceOf } from './at-start.js';

const UNIT = 'unit-';
const NAMESPACE = 'latticra-unit';

/** Where a bundle is made, and the sources of its own entries, absolute. */
export interface Place {
  readonly cwd: string;
  readonly entries: ReadonlySet<string>;
}

/** What every command needs, and what it needs to read its fixture, by unit or file: one file each, which opens sooner than many. */
const FIRST: Readonly<Record<string, string>> = {
  failure: 'kernel',
  'evidence-format': 'kernel',
  lane: 'kernel',
  'shell-words': 'kernel',
  'toolchain/error': 'kernel',
  'toolchain/program': 'kernel',
  'held-files': 'guard',
  'manifest-fixture': 'guard',
};

/** Packages whose folders are used together, if at all. */
const WHOLE = new Set(['disk-image']);

/**
 * Returns the unit that a source belongs to, which is loaded when something in it is first used: a folder right below `src` of a
 * package, what lies in `src` itself, or a package from elsewhere. An app's own sources are of no unit.
 * @param path absolute, with slashes
 */
export function unitOf(path: string): string | undefined {
  const other = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (other?.[1] !== undefined) return UNIT + other[1].replace(/\W+/g, '-');
  const [, name, folder, file] = /\/packages\/([^/]+)\/src\/(?:([^/]+)\/)?.*?([^/]+)\.ts$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  const unit = folder === undefined || WHOLE.has(name) ? name : `${name}-${folder}`;
  return UNIT + (FIRST[`${name}/${file}`] ?? FIRST[unit] ?? unit);
}

/**
 * Makes the plugin for esbuild that splits a bundle into units, each an entry of its own: what the same entries reach, esbuild puts into
 * one chunk. The entries of units themselves are left out of the result, as is what only code imports that is not in the bundle.
 * @param survey esbuild's account of the same bundle, not split
 */
export function unitsPlugin(survey: Metafile, place: Place): Plugin {
  return {
    name: NAMESPACE,
    setup(build) {
      const units = splitAtStart(unitsIn(survey, place));
      const entries = Object.fromEntries([...units.keys()].map((unit) => [unit, `${NAMESPACE}:${unit}`]));
      build.initialOptions.entryPoints = {
        ...(build.initialOptions.entryPoints as Record<string, string>),
        ...entries,
      };
      build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({
        path: path.slice(NAMESPACE.length + 1),
        namespace: NAMESPACE,
      }));
      // Nothing of it is used by the unit's own entry, and it is in the bundle all the same. Who asks first decides, so all are told.
      const inUnits = new Set([...units.values()].flat());
      const leadsTo = importsIn(survey, place);
      build.onResolve({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({ path, sideEffects: true }));
      build.onResolve({ filter: NOT_NODES }, ({ path, resolveDir }) => {
        const found = leadsTo.get(`${resolveDir}\0${path}`);
        return found !== undefined && inUnits.has(found) ? { path: found, sideEffects: true } : undefined;
      });
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
        contents: (units.get(path) ?? []).map((file) => `import ${JSON.stringify(file)};\n`).join(''),
        loader: 'js',
      }));
      build.onEnd((result) => keepReachable(result, place));
    },
  };
}

/** What is no module of Node, as far as an expression of esbuild's can say. */
const NOT_NODES = /^(?:[^n]|n[^o]|no[^d])/;

/** Returns where the imports of a bundle lead to, each by the folder of who imports and what it says, with a zero between. */
function importsIn({ inputs }: Metafile, { cwd }: Place): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, { imports }] of Object.entries(inputs)) {
    const folder = dirname(resolve(cwd, name));
    for (const { path, original, external } of imports)
      if (original !== undefined && external !== true)
        found.set(`${folder}\0${original}`, resolve(cwd, path));
  }
  return found;
}

/** Splits units of which something runs when a command starts into their files: what does not run then is read later, if at all. */
function splitAtStart(units: ReadonlyMap<string, string[]>): Map<string, string[]> {
  const split = new Map<string, string[]>();
  for (const [unit, files] of units) {
    if (!files.some((file) => isAtStart(sourceOf(file)))) split.set(unit, files);
    else for (const file of files) split.set(`${UNIT}${sourceOf(file).replace(/\W+/g, '-')}`, [file]);
  }
  return split;
}

/** Returns the files of which there is code in a bundle, by their unit. */
function unitsIn(survey: Metafile, place: Place): ReadonlyMap<string, string[]> {
  const units = new Map<string, string[]>();
  for (const file of filesIn(survey, place)) {
    const unit = /\.[cm]?[jt]s$/.test(file) ? unitOf(file.split(sep).join('/')) : undefined;
    if (unit !== undefined) units.set(unit, [...(units.get(unit) ?? []), file]);
  }
  return units;
}

/** Lists the sources of which there is code in a bundle, as absolute paths, sorted. */
function filesIn(metafile: Metafile, place: Place): string[] {
  const files = new Set<string>();
  for (const output of reachableOutputs(metafile, place)) {
    for (const [input, { bytesInOutput }] of Object.entries(metafile.outputs[output]?.inputs ?? {})) {
      if (bytesInOutput > 0) files.add(resolve(place.cwd, input));
    }
  }
  return [...files].sort();
}

/** Takes away units, and what no entry of the bundle's own imports, out of the files and out of the account of them. */
function keepReachable(result: BuildResult, place: Place): void {
  if (result.metafile === undefined) return;
  const kept = reachableOutputs(result.metafile, place);
  const { inputs, outputs } = result.metafile;
  for (const name of Object.keys(inputs)) if (name.startsWith(`${NAMESPACE}:`)) delete inputs[name];
  for (const name of Object.keys(outputs)) if (!kept.has(name.replace(/\.map$/, ''))) delete outputs[name];
  if (result.outputFiles !== undefined)
    result.outputFiles = result.outputFiles.filter(({ path }) => relative(place.cwd, path) in outputs);
}

/** Returns the outputs that the entries of a bundle import, their own included. @param entries their sources, absolute */
function reachableOutputs({ outputs }: Metafile, { cwd, entries }: Place): ReadonlySet<string> {
  const left = Object.keys(outputs).filter((name) => {
    const { entryPoint } = outputs[name] ?? {};
    return entryPoint !== undefined && entries.has(resolve(cwd, entryPoint));
  });
  const found = new Set<string>();
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    left.push(...(outputs[name]?.imports ?? []).map(({ path }) => path).filter((path) => path in outputs));
  }
  return found;
}
