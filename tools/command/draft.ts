// SPDX-License-Identifier: Apache-2.0
import { transform } from 'esbuild';
import { type Cut, cutColumns, type SourceMap } from './maps.js';
import { blank, withoutKnownNames } from './names.js';

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

/**
 * Stands for the number of a module, which is another in each bundle. No longer than most of those: what closes a call that loads late
 * lies before what its source map says next.
 */
const place = (at: number) => 100 + at;
const PLACE = /(\$[clm][([])(\d{3})(?=[)\]])/g;
/** Stands for the module's own. */
const OWN = 899;

const OPTIONS = { platform: 'node', target: 'node20', sourcesContent: false } as const;

/** A module that was made the body of a function in which no module has its number yet. */
export interface Draft {
  readonly code: string;
  readonly map: SourceMap;
  /** Other modules, as it imports them: those of its own bundle stand in the code by their places here. */
  readonly targets: readonly string[];
  /** Those of them of which something is used, by place. */
  readonly used: readonly number[];
  /** Those that are imported late, by place. */
  readonly late: readonly number[];
  /** Helpers of esbuild that it calls. */
  readonly helpers: readonly string[];
  /** Names that it exports. */
  readonly exports: readonly string[];
}

/** What decides on a draft besides the code of the module. */
export interface Circumstances {
  /** The module's own number, where it has to be there from the beginning. */
  readonly number?: number | undefined;
  /** Whether it imports itself by way of others: what it exports is there before it ran. */
  readonly isCircular: boolean;
  /** Those that it imports that esbuild made of its own helpers. */
  readonly helpers: readonly string[];
  /** How esbuild calls the module, where that has no source map. */
  readonly sourcefile: string;
}

const made = new Map<string, Promise<Draft>>();

/** Makes a draft of a module, once where it is asked for the same more often: many commands are made of the same modules. */
export function toDraft(code: string, circumstances: Circumstances): Promise<Draft> {
  const key = `${JSON.stringify(circumstances)}\n${code}`;
  const draft = made.get(key) ?? makeDraft(code, circumstances);
  made.set(key, draft);
  return draft;
}

async function makeDraft(
  code: string,
  { number, isCircular, helpers, sourcefile }: Circumstances,
): Promise<Draft> {
  const taken = TAKEN.exec(code.replace(TEXT, '$1;'))?.[1] ?? code.match(PLACE)?.[0];
  if (taken !== undefined) throw new Error(`${taken} has a meaning in a pack`);
  const exported = [...(EXPORT.exec(code)?.[1] ?? '').matchAll(/([\w$]+)(?: as ([\w$]+))?,?\n/g)].map(
    ([, name = '', alias = name]) => ({ name, alias }),
  );
  const own = new Set(importedNames(code));
  const entries = exported.map(({ name, alias }) =>
    isCircular || own.has(name) || changesOf(code, name) > 0
      ? `get ${alias}(){return ${name}}`
      : `${alias}:${name}`,
  );
  const assignment = `$m[${number ?? place(OWN)}]={${entries.join(',')}};`;
  const targets: string[] = [];
  const late = new Set<number>();
  const plain = `${isCircular ? assignment : ''}${withoutKnownNames(code)
    .replace(EXPORT, isCircular ? '' : assignment)
    .replace(/\bimport\("(\.\/[^"]+)"\)/g, (all) => `__late${all.slice('import'.length)}`)}`;
  const options = { ...OPTIONS, sourcefile };
  const eager = await transform(plain, {
    ...options,
    format: 'cjs',
    sourcemap: 'inline',
    supported: supportedIn(code),
  });
  // Else it would be a module in a function that nobody asks for what it exports.
  if (/^module\.exports = /m.test(eager.code)) throw new Error('expected one list of exports');
  const lines = eager.code.split('\n');
  const define: Record<string, string> = {};
  const isImport = (line: string) => IMPORT.test(line);
  const first = lines.findIndex(isImport);
  for (let at = first; at >= 0 && isImport(lines[at] ?? ''); at++) {
    const line = lines[at] ?? '';
    const [, name, target] = NAMED.exec(line) ?? [];
    if (name !== undefined && target !== undefined) {
      define[name] = mark(targets.length);
      targets.push(target);
    } else if (!BARE.test(line)) {
      if (line.includes('require("./')) throw new Error(`expected imports by name, found ${line}`);
      continue;
    }
    // The lines and columns of all else stay what the source map says.
    lines[at] = blank(line);
  }
  const marked = await transform(lines.join('\n'), { ...options, define, sourcemap: 'inline' });
  const used = new Set<number>();
  const calledHelpers = new Set<string>();
  const named = marked.code
    .replace(MARK, (all, isNew: string | undefined, digits: string, property = '') => {
      const at = Number(digits);
      const target = targets[at] ?? '';
      const length = all.length - (isNew ?? '').length - property.length;
      if (helpers.includes(target)) {
        calledHelpers.add(property.slice(1));
        return `${isNew ?? ''}${'$h'.padEnd(length)}${property}`;
      }
      used.add(at);
      const call = target.startsWith('.') ? `$c(${place(at)})` : `${builtinName(target)}()`;
      // Without parentheses, what is called would be the function that loads.
      return isNew === undefined
        ? `${call.padEnd(length)}${property}`
        : `new (${call.padEnd(length - 2)}${property})`;
    })
    .replace(/\b__late\("(\.\/[^"]+)"\)/g, (all, target: string) => {
      if (!targets.includes(target)) targets.push(target);
      const at = targets.indexOf(target);
      late.add(at);
      return `$l(${place(at)})`.padEnd(all.length);
    });
  if (targets.length > OWN) throw new Error(`imports ${targets.length} others, more than ${OWN}`);
  const result = await transform(named, { ...options, minify: true, sourcemap: 'external' });
  return {
    code: result.code,
    map: JSON.parse(result.map),
    targets,
    used: [...used],
    late: [...late],
    helpers: [...calledHelpers],
    exports: exported.map(({ alias }) => alias),
  };
}

/**
 * Gives the modules in a draft their numbers.
 * @param own the module's own
 * @param numbers those of its targets, by place
 * @returns the code, and the mappings of its source map, in which what comes behind a number has moved
 */
export function withNumbers(
  { code, map }: Pick<Draft, 'code' | 'map'>,
  own: number | undefined,
  numbers: readonly (number | undefined)[],
): { readonly code: string; readonly mappings: string } {
  const cuts: Cut[] = [];
  let [line, start] = [0, 0];
  const numbered = code.replace(PLACE, (all, before: string, digits: string, offset: number) => {
    for (let end = code.indexOf('\n', start); end >= 0 && end < offset; end = code.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    const text = `${before}${before === '$m[' ? own : numbers[Number(digits) - place(0)]}`;
    cuts.push({ line, column: offset + all.length - start, by: all.length - text.length });
    return text;
  });
  return { code: numbered, mappings: cutColumns(map.mappings, cuts) };
}

/** Returns how a module of Node is called in a file: by a function that loads it once. */
export const builtinName = (specifier: string) => `$n_${specifier.replace(/^node:/, '').replace(/\W/g, '_')}`;

/**
 * Returns what of the language is written otherwise. What is loaded late is required late. V8 parses an expression together with the code
 * around it, run or not, and for a category of Unicode asks the whole of Unicode, for a millisecond: those are made when the code runs.
 */
function supportedIn(code: string): Record<string, boolean> {
  const plain = { 'dynamic-import': false };
  // esbuild sees no category within brackets, but it sees the flag.
  return /\\p\{/i.test(code) ? { ...plain, 'regexp-sticky-and-unicode-flags': false } : plain;
}

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
