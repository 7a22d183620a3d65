// SPDX-License-Identifier: Apache-2.0
import { namedByPlace } from './alike.js';
import { toDraft, withNumbers } from './draft.js';
import type { SourceMap } from './maps.js';

/** An ES module out of a bundle. */
export interface Source {
  /** As its neighbours import it. */
  readonly specifier: string;
  /** Not minified. */
  readonly code: string;
  readonly map: SourceMap;
}

/** Which of the modules of a bundle are what, by how they are imported. */
export interface Neighbours {
  /** Each with a number of its own: those that are made pieces. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Those that esbuild made of its own helpers. */
  readonly helpers: ReadonlySet<string>;
}

/** A module that was made the body of a function. */
export interface Piece {
  readonly specifier: string;
  /** Sets what the module exports as `$m[<number>]`; other modules are `$c(<number>)`, those of Node `$n_<name>()`. */
  readonly code: string;
  readonly map: SourceMap;
  /** The other modules in it of which something is used, by how they are imported. */
  readonly imports: readonly string[];
  /** Those that are imported late. */
  readonly late: readonly string[];
  /** Modules of Node that are loaded when something in them is first used. */
  readonly builtins: readonly string[];
  /** Helpers of esbuild that it calls. */
  readonly helpers: readonly string[];
  /** Names that it exports. */
  readonly exports: readonly string[];
  /** Whether nothing in it is of a package from elsewhere. */
  readonly isOurs: boolean;
  /** What it is made of, as its map has it: from the folder of the bundle on. */
  readonly sources: readonly string[];
}

/**
 * Makes an ES module a piece: in it every other module is loaded when something of it is first used, and then once. That is the
 * same thing for modules that do nothing when they are loaded, as all of ours.
 * @param isInCircle whether it imports itself by way of others: what it exports is there before it ran
 * @throws Error where it is not as esbuild prints modules
 */
export async function toPiece(
  { specifier, code: bundled, map: bundledMap }: Source,
  { numbers, helpers }: Neighbours,
  isInCircle: (specifier: string) => boolean = () => false,
): Promise<Piece> {
  // esbuild takes a module that is made of no source, as one that hands on what others export, to be the source itself.
  const isSource = bundledMap.sources.length === 0;
  const { code, realName } = isSource
    ? { code: bundled, realName: same }
    : namedByPlace(withMap(bundled, bundledMap));
  const isCircular = isInCircle(specifier);
  const draft = await toDraft(code, {
    isCircular,
    // In a circle it comes first, and columns of the source map are counted behind it.
    number: isCircular || isSource ? numbers.get(specifier) : undefined,
    helpers: [...code.matchAll(/\bfrom "(\.\/[^"]+)";$/gm)]
      .map(([, target = '']) => target)
      .filter((target) => helpers.has(realName(target))),
    sourcefile: isSource ? specifier.replace(/^\.\//, '') : 'module.js',
  }).catch((error) => {
    throw new Error(`${specifier}: ${error.message}`);
  });
  const targets = draft.targets.map(realName);
  const at = (places: readonly number[]) => places.map((place) => targets[place] ?? '');
  const isOwn = (target: string) => target.startsWith('.');
  const [used, late] = [at(draft.used), at(draft.late)];
  const imports = used.filter(isOwn);
  const unknown = [...imports, ...late].find((target) => !numbers.has(target));
  if (unknown !== undefined) throw new Error(`${specifier} imports ${unknown}`);
  const { code: numbered, mappings } = withNumbers(
    draft,
    numbers.get(specifier),
    targets.map((target) => numbers.get(target)),
  );
  const { sources } = draft.map;
  return {
    specifier,
    code: numbered,
    map: { ...draft.map, mappings },
    imports,
    late,
    builtins: used.filter((target) => !isOwn(target)).map(nodesOwn),
    helpers: draft.helpers,
    exports: draft.exports,
    isOurs: !sources.some((path) => path.includes('node_modules/')),
    sources,
  };
}

const same = (name: string) => name;

/** Returns how a module of Node is called of which some say that it is Node's, and some do not. */
const nodesOwn = (name: string) => `node:${name.replace(/^node:/, '')}`;

/** Returns a module with its source map in it. */
const withMap = (code: string, map: SourceMap) =>
  `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}\n`;
