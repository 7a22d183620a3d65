// SPDX-License-Identifier: Apache-2.0
import { HeldFileError } from '@latticra/held-files';
import { type AnchoredFolder, type Name, safeName } from '@latticra/held-files/anchor';
import { SEAL_FILES } from '../manifest/schema.js';
import { compilePattern, compilePatterns, type Entry } from '../pattern.js';
import { deniedName } from '../policy/built-in.js';
import { isArtifact } from '../scope/artifact.js';
import { artifactProblem, kindProblem } from '../scope/collect.js';
import { isMarkedAsMade, isOfGit } from './mark.js';

/** The content of a project that has no manifest yet. */
export interface Survey {
  /** Patterns for what tools make here, and for links, FIFOs, sockets and devices. */
  readonly exclude: readonly string[];
  /** The folders and the regular files of one name that no pattern of those leaves out. */
  readonly entries: readonly Entry[];
  /** The reasons why a check will fail although all that is excluded: each begins with the path. */
  readonly obstacles: readonly string[];
  /** What somebody might not expect of the patterns, each beginning with the path. */
  readonly notes: readonly string[];
}

/**
 * Folders that tools make and nobody keeps under version control: at the root, as a folder further down may be source.
 */
const MADE_BY_TOOLS = new Set([
  ...['.cache', '.gradle', '.hg', '.jj', '.mypy_cache', '.next', '.nox', '.nuxt', '.nx', '.nyc_output'],
  ...['.parcel-cache', '.pytest_cache', '.ruff_cache', '.svelte-kit', '.svn', '.terraform', '.tox', '.turbo'],
  ...['.venv', 'artifacts', 'build', 'coverage', 'dist', 'out', 'target', 'venv'],
]);

/** In a clone a folder; in a worktree or submodule a file that says where the rest lies. */
const GIT = '.git';

/** What is excluded whether it is there or not, so that the manifest of a clone is that of each of its worktrees. */
const ALWAYS = [
  GIT,
  'node_modules/',
  '__pycache__/',
  // Each by its whole name: what only begins like one is a file of the project.
  ...[SEAL_FILES.report, SEAL_FILES.hashList, SEAL_FILES.smokeReport, SEAL_FILES.smokeHashList],
];

/**
 * Looks at everything under the root that is not excluded anyway. Opens no file but those that mark caches and
 * environments.
 * @throws HeldFileError for the root, and `io` for anything in it
 */
export function surveyProject(root: AnchoredFolder): Survey {
  const isExcluded = compilePatterns(ALWAYS);
  const made: Entry[] = [];
  const unfit: { readonly entry: Entry; readonly problem: string }[] = [];
  const entries: Entry[] = [];
  /** What is no entry, and is not to be left out either. */
  const others: Entry[] = [];
  const obstacles: string[] = [];
  const notes: string[] = [];

  /** Does some work; why it cannot be done is told, as an obstacle unless it is none to a check. */
  const attempt = <T>(work: () => T, reasons = obstacles): T | undefined => {
    try {
      return work();
    } catch (error) {
      // A machine that fails shows nothing of the project.
      if (!(error instanceof HeldFileError) || error.code === 'io') throw error;
      reasons.push(error.message);
      return undefined;
    }
  };
  const look = (folder: AnchoredFolder, prefix: string, listed: Name) => {
    const name = safeName(listed, prefix);
    const stats = folder.lstat(name);
    if (stats === undefined) return;
    const entry = { path: prefix + name, name, isFolder: stats.isDirectory() };
    if (isArtifact(entry.path)) {
      const problem = artifactProblem(stats);
      if (problem !== undefined) obstacles.push(`${entry.path}: ${problem}`);
      return;
    }
    if (name === GIT && attempt(() => isOfGit(folder), notes) === false)
      notes.push(`${entry.path}: is not what git calls that, and is left out all the same`);
    if (isExcluded(entry)) return;
    const problem = kindProblem(stats);
    if (entry.isFolder) {
      const child = attempt(() => folder.openFolder(name, stats));
      if (child === undefined) others.push(entry);
      else goInto(child, entry);
    } else if (problem === undefined) {
      entries.push(entry);
      const denied = deniedName(name);
      if (denied !== undefined) obstacles.push(`${entry.path}: ${denied}`);
    } else if (stats.isFile()) {
      others.push(entry);
      obstacles.push(`${entry.path}: ${problem}`);
    } else unfit.push({ entry, problem });
  };
  const list = (folder: AnchoredFolder, prefix: string) => {
    for (const listed of folder.list().names) attempt(() => look(folder, prefix, listed));
  };
  const goInto = (folder: AnchoredFolder, entry: Entry) => {
    try {
      const isMade = MADE_BY_TOOLS.has(entry.path) || attempt(() => isMarkedAsMade(folder)) === true;
      if (isMade && !UNSPELLABLE.test(entry.path)) {
        made.push(entry);
      } else {
        if (isMade)
          notes.push(
            `${entry.path}: is made by tools, and stays in the scope, as no pattern can spell its name`,
          );
        entries.push(entry);
        attempt(() => list(folder, `${entry.path}/`));
      }
    } finally {
      folder.close();
    }
  };

  list(root, '');
  const kept = [...entries, ...others];
  const patterns: string[] = [];
  for (const { path } of made) {
    const pattern = `${path}/*`;
    const problem = patternProblem(pattern, { path: `${path}/a`, name: 'a', isFolder: false }, kept);
    if (problem === undefined) patterns.push(pattern);
    else obstacles.push(`${path}: was made by tools, and ${problem}`);
  }
  for (const { entry, problem } of unfit) {
    const pattern = entry.path;
    const wrong = patternProblem(pattern, entry, kept);
    if (wrong !== undefined) obstacles.push(`${entry.path}: ${problem}, and ${wrong}`);
    else {
      patterns.push(pattern);
      if (!pattern.includes('/'))
        notes.push(
          `${pattern}: is left out by its name, and so is whatever else is called that, in any folder`,
        );
    }
  }
  return { exclude: [...ALWAYS, ...new Set(patterns)], entries, obstacles, notes };
}

/** The characters that mean something else in a pattern, or end the string that it stands in: there are no escapes. */
const UNSPELLABLE = /["*]/;

/**
 * Returns why a pattern is not written: it has to leave out what it is meant for, and nothing that is to stay in the scope.
 * @param meant what it is written for, or one of many
 */
function patternProblem(pattern: string, meant: Entry, kept: readonly Entry[]): string | undefined {
  if (UNSPELLABLE.test(meant.path)) return 'no pattern can spell its name';
  const matches = compilePattern(pattern);
  if (!matches(meant)) return 'no pattern leaves it out';
  // A whole path stands for one thing; there may be too many of them to ask for each.
  if (pattern === meant.path && pattern.includes('/')) return undefined;
  const other = kept.find(matches);
  return other === undefined ? undefined : `no pattern leaves it out without ${other.path}`;
}
