// SPDX-License-Identifier: Apache-2.0
/**
 * What an API is compared with, out of the repository's history, and what was said since then: with the last release of the
 * package, where there is one; else with where the branch left main, or on main itself with the commit before.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bumpsOf, raisedBy, undeclared } from './breaking.mjs';

/** The tree that git has of nothing: what was before the first commit. */
const EMPTY = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The history of a workspace, as a comparison of APIs asks it. */
class History {
  #root;
  #tags;
  #changed = new Map();

  /** Takes a folder that git knows with its history; {@link whyNoHistory} says whether it does. */
  constructor(root) {
    this.#root = root;
    this.#tags = this.#git('tag', '--merged', 'HEAD', '--sort=-version:refname').split('\n');
  }

  /** Returns the commit that a branch is compared with: never itself, so that main is held to the rule as well. */
  branchBase() {
    const head = this.#git('rev-parse', 'HEAD');
    for (const main of ['main', 'origin/main']) {
      const base = this.#try('merge-base', main, 'HEAD');
      if (base !== undefined && base !== head) return base;
    }
    return this.#try('rev-parse', '--verify', '--quiet', 'HEAD^') ?? EMPTY;
  }

  /** Returns a file as it was at a commit; undefined where it was not there. */
  fileAt(ref, path) {
    return this.#try('show', `${ref}:${path}`);
  }

  /**
   * Says what a library's API is compared with, and what was said of the library since.
   * @param base as {@link branchBase} or a person gives it, for a library that was never released
   * @returns `ref`; `bump`, the largest that its changesets declare and its version took
   */
  sinceOf({ name, folder }, base) {
    const tag = this.#tags.find((each) => each.startsWith(`${name}@`));
    const ref = tag ?? base;
    const was = this.fileAt(ref, join(folder, 'package.json'));
    const raised = was === undefined ? 'none' : raisedBy(JSON.parse(was).version, this.#versionOf(folder));
    // All that is in no version yet belongs to what was done since a release; without one, what this branch says itself.
    const isOwn = tag === undefined ? this.#changedSince(ref) : () => true;
    const texts = this.#changesets().filter(({ path }) => isOwn(path));
    const words = [`---\n'${name}': ${raised}\n---\n`, ...texts.map(({ text }) => text)];
    return { ref, bump: bumpsOf(words).get(name) };
  }

  #versionOf(folder) {
    return JSON.parse(readFileSync(join(this.#root, folder, 'package.json'), 'utf8')).version;
  }

  /** Returns whether a changeset is not as it was at a commit, committed or not. */
  #changedSince(ref) {
    if (!this.#changed.has(ref)) {
      const lines = [
        this.#git('diff', '--name-only', ref, '--', '.changeset'),
        this.#git('ls-files', '--others', '--exclude-standard', '--', '.changeset'),
      ];
      this.#changed.set(ref, new Set(lines.join('\n').split('\n')));
    }
    const paths = this.#changed.get(ref);
    return (path) => paths.has(path);
  }

  #changesets() {
    const folder = join(this.#root, '.changeset');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => ({ path: `.changeset/${name}`, text: readFileSync(join(folder, name), 'utf8') }));
  }

  #git(...argv) {
    const options = { cwd: this.#root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', argv, { ...options, maxBuffer: 2 ** 26 }).trim();
  }

  #try(...argv) {
    try {
      return this.#git(...argv);
    } catch {
      return undefined;
    }
  }
}

/**
 * Lists the libraries whose API changed by more than anybody said.
 * @param reports folder, name, and report of each as its sources are
 * @param since a commit; otherwise where the branch began
 * @returns lines; or why nothing was compared, one line
 */
export function undeclaredSince(root, reports, since) {
  const unknown = whyNoHistory(root);
  if (unknown !== undefined) return { unknown, problems: [] };
  const history = new History(root);
  const base = since ?? history.branchBase();
  const problems = reports.flatMap(({ report, name, folder }) => {
    const { ref, bump } = history.sinceOf({ name, folder }, base);
    const before = history.fileAt(ref, join(folder, 'api.md')) ?? '';
    const was = history.fileAt(ref, join(folder, 'package.json'));
    // What may break follows from what is out there: the version that people have.
    const { version } = JSON.parse(was ?? readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return undeclared({ name, version, before, after: report.trim(), bump }) ?? [];
  });
  return { unknown, problems };
}

/** Returns why nothing can be compared in a folder, one line, or undefined where its history is there. */
function whyNoHistory(root) {
  const ask = (...argv) =>
    execFileSync('git', argv, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    ask('rev-parse', '--verify', 'HEAD');
    const isShallow = ask('rev-parse', '--is-shallow-repository') === 'true';
    return isShallow ? 'the history is cut off: git fetch --unshallow --tags' : undefined;
  } catch {
    return 'there is no history of git here';
  }
}
