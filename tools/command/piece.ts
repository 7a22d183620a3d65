// SPDX-License-Identifier: Apache-2.0
import { namedByPlace, withoutContents } from './alike.js';
import type { SourceMap } from './maps.js';
import { blank, withoutKnownNames } from './names.js';
import { transformOnce } from './transform-once.js';

/**
 * What esbuild makes of `import … from` and of `import '…'`, each a line of its own, and all of them together before other code. The
 * default of a module of CommonJS, or all of it as an object, is loaded at once: nothing of ours is imported like that.
 */
const IMPORT = /^(?:var [\w$]+ = (?:__toESM\()?)?require\("[^"]+"\)(?:, 1)?\)?;$/;
const NAMED = /^var (import_\w+) = require\("([^"]+)"\);$/;
const BARE = /^require\("\.\/[^"]+"\);$/;
/** A name at the top of a module that is one of ours in the file around it. */
const TAKEN = /^(?:var|let|const|class|(?:async )?function\*?) (?:.*[ ,])?(\$(?:[cfhlmoq]|p\d+|n_\w+))\b/m;
/** A text on a line of its own, such as a script that a thread runs: the names in it are not the module's. */
const TEXT =
  /^(var [\w$]+) = (?:'[^'\\\n]*(?:\\.[^'\\\n]*)*'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|`[^`\\\n]*(?:\\.[^`\\\n]*)*`);$/gm;
const EXPORT = /^export \{\n([^}]*)\};$/m;

/** Stands for a module until what it is called in the file is known; as long as anything that may come there. */
const mark = (at: number) => `__import_${String(at).padStart(3, '0')}_${'_'.repeat(40)}`;
const MARK = /(new )?__import_(\d{3})_{41}(\.[\w$]+)?/g;

/** An ES module out of a bundle. */
export interface Source {
  /** As its neighbours import it. */
  readonly specifier: string;
  /** With its source map in it, and not minified. */
  readonly code: string;
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

const OPTIONS = { platform: 'node', target: 'node20' } as const;

/** Stands for a module's own number, which is another in each bundle, until all else is made. */
const OWN_NUMBER = '__own_number';

/**
 * Returns what of the language is written otherwise. What is loaded late is required late. V8 parses an expression together with the code
 * around it, run or not, and for a category of Unicode asks the whole of Unicode, for a millisecond: those are made when the code runs.
 */
function supportedIn(code: string): Record<string, boolean> {
  const plain = { 'dynamic-import': false };
  // esbuild sees no category within brackets, but it sees the flag.
  return /\\p\{/i.test(code) ? { ...plain, 'regexp-sticky-and-unicode-flags': false } : plain;
}

/** Returns how a module of Node is called in a file: by a function that loads it once. */
export const builtinName = (specifier: string) => `$n_${specifier.replace(/^node:/, '').replace(/\W/g, '_')}`;

/**
 * Makes an ES module a piece: in it every other module is loaded when something of it is first used, and then once. That is the
 * same thing for modules that do nothing when they are loaded, as all of ours.
 * @param isInCircle whether it imports itself by way of others: what it exports is there before it ran
 * @throws Error where it is not as esbuild prints modules
 */
export async function toPiece(
  { specifier, code: bundled }: Source,
  { numbers, helpers }: Neighbours,
  isInCircle: (specifier: string) => boolean = () => false,
): Promise<Piece> {
  const alike = withoutContents(bundled);
  const { code } = alike ?? { code: bundled };
  const naming =
    alike === undefined
      ? { sourcefile: specifier.replace(/^\.\//, '') }
      : { sourcefile: 'module.js', sourcesContent: false };
  const transform: typeof transformOnce = (text, options) =>
    transformOnce(text, { ...OPTIONS, ...naming, ...options }).catch((error) => {
      throw new Error(`${specifier}: ${error.message}`);
    });
  const [, taken] = TAKEN.exec(code.replace(TEXT, '$1;')) ?? [];
  if (taken !== undefined) throw new Error(`${specifier}: ${taken} has a meaning in a pack`);
  const exported = [...(EXPORT.exec(code)?.[1] ?? '').matchAll(/([\w$]+)(?: as ([\w$]+))?,?\n/g)].map(
    ([, name = '', alias = name]) => ({ name, alias }),
  );
  const isCircular = isInCircle(specifier);
  const own = new Set(importedNames(code));
  const entries = exported.map(({ name, alias }) =>
    isCircular || own.has(name) || changesOf(code, name) > 0
      ? `get ${alias}(){return ${name}}`
      : `${alias}:${name}`,
  );
  // In a circle it comes first, and columns of the source map are counted behind it.
  const number = isCircular || alike === undefined ? numbers.get(specifier) : OWN_NUMBER;
  const assignment = `$m[${number}]={${entries.join(',')}};`;
  const late: string[] = [];
  const plain = `${isCircular ? assignment : ''}${withoutKnownNames(code)
    .replace(EXPORT, isCircular ? '' : assignment)
    .replace(/\bimport\("(\.\/[^"]+)"\)/g, (all, target: string) => {
      if (!numbers.has(target)) return all;
      late.push(target);
      return `__late${all.slice('import'.length)}`;
    })}`;
  const { code: renamed, realName } =
    alike === undefined ? { code: plain, realName: same } : namedByPlace(plain);
  const eager = await transform(renamed, {
    format: 'cjs',
    sourcemap: 'inline',
    supported: supportedIn(code),
  });
  // Else it would be a module in a function that nobody asks for what it exports.
  if (/^module\.exports = /m.test(eager.code)) throw new Error(`${specifier}: expected one list of exports`);
  const lines = eager.code.split('\n');
  const define: Record<string, string> = {};
  const loaded: string[] = [];
  const isImport = (line: string) => IMPORT.test(line);
  const first = lines.findIndex(isImport);
  for (let at = first; at >= 0 && isImport(lines[at] ?? ''); at++) {
    const line = lines[at] ?? '';
    const [, name, target] = NAMED.exec(line) ?? [];
    if (name !== undefined && target !== undefined) {
      define[name] = mark(loaded.length);
      loaded.push(realName(target));
    } else if (!BARE.test(line)) {
      if (line.includes('require("./'))
        throw new Error(`${specifier}: expected imports by name, found ${line}`);
      continue;
    }
    // The lines and columns of all else stay what the source map says.
    lines[at] = blank(line);
  }
  const marked = await transform(lines.join('\n'), { define, sourcemap: 'inline' });
  const used = new Set<string>();
  const calledHelpers = new Set<string>();
  const named = marked.code
    .replace(`$m[${OWN_NUMBER}]`, `$m[${numbers.get(specifier)}]`)
    .replace(MARK, (all, isNew: string | undefined, number: string, property = '') => {
      const target = loaded[Number(number)] ?? '';
      used.add(target);
      const length = all.length - (isNew ?? '').length - property.length;
      if (helpers.has(target)) {
        calledHelpers.add(property.slice(1));
        return `${isNew ?? ''}${'$h'.padEnd(length)}${property}`;
      }
      const own = numbers.get(target);
      const call = own === undefined ? `${builtinName(target)}()` : `$c(${own})`;
      if (own === undefined && target.startsWith('.')) throw new Error(`${specifier} imports ${target}`);
      // Without parentheses, what is called would be the function that loads.
      return isNew === undefined
        ? `${call.padEnd(length)}${property}`
        : `new (${call.padEnd(length - 2)}${property})`;
    })
    .replace(/\b__late\("(\.\/[^"]+)"\)/g, (all, target: string) =>
      `$l(${numbers.get(realName(target))})`.padEnd(all.length),
    );
  const result = await transform(named, { minify: true, sourcemap: 'external' });
  const map: SourceMap = alike?.withContents(result.map) ?? JSON.parse(result.map);
  const { sources } = map;
  return {
    specifier,
    code: result.code,
    map,
    imports: [...used].filter((target) => numbers.has(target)),
    late,
    builtins: [...used].filter((target) => !numbers.has(target) && !helpers.has(target)),
    helpers: [...calledHelpers],
    exports: exported.map(({ alias }) => alias),
    isOurs: !sources.some((path) => path.includes('node_modules/')),
    sources,
  };
}

const same = (name: string) => name;

/** Lists the variables that a module imports: what it exports of them, others have. */
function importedNames(code: string): string[] {
  return [...code.matchAll(/^import \{([^}]*)\} from /gm)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().split(' as ').at(-1) ?? ''),
  );
}

/** Counts how often a variable may be set after it was declared; too often, where another has the same name. */
function changesOf(code: string, name: string): number {
  const escaped = name.replace(/\$/g, '\\$');
  const set = new RegExp(
    `(?<![\\w$.])${escaped}\\s*(?:=(?![=>])|[-+*/%&|^]=|\\*\\*=|<<=|>>>?=|\\?\\?=|&&=|\\|\\|=|\\+\\+|--)|(?:\\+\\+|--)\\s*${escaped}\\b|[[{,]\\s*${escaped}\\b[^;\\n=]*[\\]}]\\s*=(?![=>])`,
    'g',
  );
  const declared = new RegExp(`^(?:(?:async )?function\\*? |class )${escaped}\\b`, 'm').test(code) ? 0 : 1;
  return (code.match(set) ?? []).length - declared;
}
