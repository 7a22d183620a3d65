// SPDX-License-Identifier: Apache-2.0
import { HeldFileError } from '@latticra/held-files';
import { type AnchoredFolder, type Name, safeName } from '@latticra/held-files/anchor';
import { SEAL_FILES } from '../manifest/schema.js';
import { compilePatterns, type Entry } from '../pattern.js';
import { deniedName } from '../policy/built-in.js';
import { isArtifact } from '../scope/artifact.js';
import { artifactProblem, kindProblem } from '../scope/collect.js';
import { type Candidate, isSpellable, patternProblem } from './candidate.js';
import { isMarkedAsMade, isOfGit } from './mark.js';

/** The content of a project that has no manifest yet. */
export interface Survey {
  /** Patterns for what tools make here, and for links, FIFOs, sockets and devices. */
  readonly exclude: readonly string[];
  /** The folders and the regular files of one name that no pattern of those leaves out. */
  readonly entries: readonly Entry[];
  /** The reasons why a check will fail although all that is excluded: each begins with the path. */
  readonly obstacles: readonly string[];
  /** The things that somebody might not expect of the patterns: each begins with the path. */
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

/** The name that git keeps its data under: in a clone a folder; in a worktree or submodule a file that says where the rest lies. */
const GIT = '.git';

/** The patterns that are written whether there is such a thing or not, so that the manifest of a clone is that of each of its worktrees. */
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
  const candidates: Candidate[] = [];
  const entries: Entry[] = [];
  /** Files of several names, and folders that cannot be opened: no pattern may hide them. */
  const others: Entry[] = [];
  const obstacles: string[] = [];
  const notes: string[] = [];

  /** Does some work; a reasoned failure of it is told, as an obstacle unless given elsewhere. */
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
    } else candidates.push({ pattern: entry.path, meant: entry, reason: `${entry.path}: ${problem}` });
  };
  const list = (folder: AnchoredFolder, prefix: string) => {
    for (const listed of folder.list().names) attempt(() => look(folder, prefix, listed));
  };
  const goInto = (folder: AnchoredFolder, entry: Entry) => {
    try {
      const isMade = MADE_BY_TOOLS.has(entry.path) || attempt(() => isMarkedAsMade(folder)) === true;
      const { path } = entry;
      if (isMade && isSpellable(path)) {
        const meant = { path: `${path}/a`, name: 'a', isFolder: false };
        candidates.push({ pattern: `${path}/*`, meant, reason: `${path}: is made by tools` });
        return;
      }
      if (isMade)
        notes.push(`${path}: is made by tools, and stays in the scope, as no pattern can spell its name`);
      entries.push(entry);
      attempt(() => list(folder, `${path}/`));
    } finally {
      folder.close();
    }
  };

  list(root, '');
  const kept = [...entries, ...others];
  const patterns: string[] = [];
  for (const candidate of candidates) {
    const { pattern, reason } = candidate;
    const problem = patternProblem(candidate, kept);
    if (problem !== undefined) {
      obstacles.push(`${reason}, and ${problem}`);
      continue;
    }
    patterns.push(pattern);
    if (!pattern.includes('/'))
      notes.push(
        `${pattern}: is left out by its name, and so is whatever else is called that, in any folder`,
      );
  }
  return { exclude: [...ALWAYS, ...patterns], entries, obstacles, notes };
}
