// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { commit as commitScalar, NONE, type RecordedSource, UNKNOWN } from '@latticra/evidence-format/define';
import { ManifestError } from '../error.js';
import { askGit, currentCommit } from './source-commit.js';

/** What a repository says of a tag. */
export interface TagInRepository {
  /** The object that the tag stands for: of an annotated or signed tag its own, else the commit. */
  readonly object: string;
  /** The commit that comes of peeling it. */
  readonly commit: string;
}

/** What git refuses in the name of a reference (git-check-ref-format), and what would be a revision and no name. */
const NOT_IN_A_NAME = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|[/.]$|\/\.|\.lock(?:\/|$)|^@$/;
const OBJECT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Asks the repository of a folder for a tag of exactly that name; a revision such as `v1~2` is none.
 * @returns undefined where there is no git, no repository, or no such tag in it
 * @throws ManifestError `source` for a name that no tag can have, or a tag that stands for no commit
 */
export async function tagInRepository(
  tag: string,
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TagInRepository | undefined> {
  if (NOT_IN_A_NAME.test(tag)) {
    throw new ManifestError('source', `--source-tag: ${quoteText(tag)} is no name of a tag`, {
      fix: 'give the name as git tag lists it',
    });
  }
  const object = await askGit(['show-ref', '--verify', '--hash', '--', `refs/tags/${tag}`], cwd, env);
  if (object === undefined || !OBJECT.test(object)) return undefined;
  const commit = await askGit(['rev-parse', '--verify', '--quiet', `${object}^{commit}`], cwd, env);
  if (commit !== undefined && OBJECT.test(commit)) return { object, commit };
  throw new ManifestError('source', `the tag ${tag} stands for no commit`, {
    fix: 'name a tag of the commit that is built from',
  });
}

const ANNOTATED = /^tag refs\/tags\/(.+)$/;

/**
 * Returns the annotated or signed tag of the commit that is checked out in a folder, where it has exactly one. Tags that are only names are
 * anybody's bookmarks, and count for none.
 * @returns undefined where there is none, or several: which one is meant, nobody said
 */
export async function tagAtHead(
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const format = '--format=%(objecttype) %(refname)';
  const lines = await askGit(['for-each-ref', '--points-at=HEAD', format, 'refs/tags'], cwd, env);
  const tags = (lines ?? '').split('\n').flatMap((line) => ANNOTATED.exec(line)?.[1] ?? []);
  return tags.length === 1 ? tags[0] : undefined;
}

/** Where a lane that builds was told it builds from. */
export interface GivenSource {
  /** Undefined for the commit that is checked out. */
  readonly commit: string | undefined;
  /** Or `none`. */
  readonly tag: string;
}

/**
 * Returns the source that a record of a build names. Where the repository is at hand the tag has to stand for the commit; it is
 * the repository when it has that tag or that commit.
 * @throws ManifestError `source` for a commit that is not whole, a tag of another commit, or one that the repository does not have
 */
export async function recordedSource(
  given: GivenSource,
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RecordedSource> {
  const commit = given.commit ?? (await currentCommit(cwd, env));
  if (commitScalar.read(commit) === undefined) {
    throw new ManifestError(
      'source',
      `--source-commit: expected ${commitScalar.expected}, found ${quoteText(commit)}`,
      {
        fix: 'give the commit as git rev-parse HEAD prints it: a short one can become ambiguous',
      },
    );
  }
  const source = { sourceCommit: commit, sourceTag: given.tag };
  if (given.tag === NONE) return { ...source, sourceTagObject: NONE };
  const found = await tagInRepository(given.tag, cwd, env);
  if (found?.commit === commit) return { ...source, sourceTagObject: found.object };
  if (found !== undefined) {
    throw new ManifestError(
      'source',
      `the tag ${given.tag} stands for ${found.commit}, but the source is ${commit}`,
      {
        fix: `check out ${given.tag}, or leave out --source-tag`,
      },
    );
  }
  if (commit !== UNKNOWN && (await askGit(['cat-file', '-t', commit], cwd, env)) === 'commit') {
    throw new ManifestError(
      'source',
      `the repository that has the commit ${commit} has no tag ${given.tag}`,
      {
        fix: `git tag ${given.tag} ${commit}, or leave out --source-tag`,
      },
    );
  }
  return { ...source, sourceTagObject: UNKNOWN };
}

/** What is known of a tag that a record names: that it stands for the recorded commit, nothing, or that there is none. */
export type SourceTagStatus = 'verified' | 'unknown' | 'none';

/**
 * Looks whether the tag that a record names stands for the recorded commit and object, in the repository of a folder.
 * @returns `unknown` where that repository does not have the tag, or there is none
 * @throws ManifestError `source` for a tag that stands for something else there
 */
export async function checkSourceTag(
  { sourceTag, sourceTagObject, sourceCommit }: RecordedSource,
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SourceTagStatus> {
  if (sourceTag === NONE) return 'none';
  const found = await tagInRepository(sourceTag, cwd, env);
  if (found === undefined) return 'unknown';
  const isMoved = sourceTagObject !== UNKNOWN && found.object !== sourceTagObject;
  if (found.commit === sourceCommit && !isMoved) return 'verified';
  const [now, then] = isMoved ? [found.object, sourceTagObject] : [found.commit, sourceCommit];
  throw new ManifestError('source', `the tag ${sourceTag} stands for ${now}, but the record says ${then}`, {
    fix: 'a tag that was moved no longer names this source: build again from the one that it names now',
  });
}
