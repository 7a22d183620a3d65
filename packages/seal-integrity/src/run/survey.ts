// SPDX-License-Identifier: Apache-2.0
import { HeldFileError } from '@latticra/held-files';
import { type AnchoredFolder, type Name, safeName } from '@latticra/held-files/anchor';
import { REPORT_FOLDER } from '../manifest/schema.js';
import { compilePattern, compilePatterns, type Entry } from '../pattern.js';
import { deniedName } from '../policy/built-in.js';
import { kindProblem } from '../scope/collect.js';

/** The content of a project that has no manifest yet. */
export interface Survey {
  /** Patterns for what tools make here, and for links, FIFOs, sockets and devices. */
  readonly exclude: readonly string[];
  /** The folders and the regular files of one name that no pattern of those leaves out. */
  readonly entries: readonly Entry[];
  /** The reasons why a check will fail although all that is excluded: each begins with the path. */
  readonly obstacles: readonly string[];
}

/**
 * Folders that tools make and nobody keeps under version control: at the root, as a folder further down may be source.
 */
const MADE_BY_TOOLS = new Set([
  ...['.cache', '.gradle', '.hg', '.jj', '.mypy_cache', '.next', '.nox', '.nuxt', '.nx', '.nyc_output'],
  ...['.parcel-cache', '.pytest_cache', '.ruff_cache', '.svelte-kit', '.svn', '.terraform', '.tox', '.turbo'],
  ...['.venv', 'artifacts', 'build', 'coverage', 'dist', 'out', 'target', 'venv'],
]);

/** Files by which a folder says that it can be made again: a Python environment, a cache (bford.info/cachedir). */
const MADE_MARKS = ['pyvenv.cfg', 'CACHEDIR.TAG'];

/**
 * Looks at everything under the root that is not excluded anyway. Opens no file.
 * @throws HeldFileError for the root, and `io` for anything in it
 */
export function surveyProject(root: AnchoredFolder): Survey {
  const always = [
    // Of a worktree or submodule it is a file that says where the rest lies.
    root.lstat('.git')?.isFile() === true ? '.git' : '.git/',
    'node_modules/',
    '__pycache__/',
    `${REPORT_FOLDER}/latticra-seal-*`,
  ];
  const isExcluded = compilePatterns(always);
  const made: string[] = [];
  const unfit: { readonly entry: Entry; readonly problem: string }[] = [];
  const entries: Entry[] = [];
  const obstacles: string[] = [];

  const look = (folder: AnchoredFolder, prefix: string, listed: Name) => {
    const name = safeName(listed, prefix);
    const stats = folder.lstat(name);
    if (stats === undefined) return;
    const entry = { path: prefix + name, name, isFolder: stats.isDirectory() };
    if (isExcluded(entry)) return;
    const problem = kindProblem(stats);
    if (entry.isFolder) goInto(folder.openFolder(name, stats), entry);
    else if (problem === undefined) {
      entries.push(entry);
      const denied = deniedName(name);
      if (denied !== undefined) obstacles.push(`${entry.path}: ${denied}`);
    } else if (stats.isFile()) obstacles.push(`${entry.path}: ${problem}`);
    else unfit.push({ entry, problem });
  };
  const list = (folder: AnchoredFolder, prefix: string) => {
    for (const listed of folder.list().names) {
      try {
        look(folder, prefix, listed);
      } catch (error) {
        // A machine that fails shows nothing of the project.
        if (!(error instanceof HeldFileError) || error.code === 'io') throw error;
        obstacles.push(error.message);
      }
    }
  };
  const goInto = (folder: AnchoredFolder, entry: Entry) => {
    try {
      const isMade = MADE_BY_TOOLS.has(entry.path) || MADE_MARKS.some((mark) => folder.lstat(mark)?.isFile());
      if (isMade && !/["*]/.test(entry.path)) {
        made.push(`${entry.path}/*`);
      } else {
        entries.push(entry);
        list(folder, `${entry.path}/`);
      }
    } finally {
      folder.close();
    }
  };

  list(root, '');
  const patterns = unfit.flatMap(({ entry, problem }) => {
    const pattern = patternFor(entry);
    const other = alsoMatched(pattern, entry, entries);
    if (other === undefined) return [pattern];
    obstacles.push(`${entry.path}: ${problem}, and no pattern leaves it out without ${other}`);
    return [];
  });
  return { exclude: [...new Set([...always, ...made, ...patterns])], entries, obstacles };
}

/** Returns the path as a pattern, in which `*` stands for what a manifest cannot spell. */
function patternFor({ path }: Entry): string {
  return path.replace(/["*](?:.*["*])?/u, '*');
}

/** Returns what else a pattern would leave out; the entry itself where the pattern does not even match that. */
function alsoMatched(pattern: string, entry: Entry, entries: readonly Entry[]): string | undefined {
  // A whole path stands for one thing.
  if (pattern === entry.path && pattern.includes('/')) return undefined;
  const matches = compilePattern(pattern);
  return matches(entry) ? entries.find(matches)?.path : 'something else';
}
