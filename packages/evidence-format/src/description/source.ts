// SPDX-License-Identifier: Apache-2.0
import { field } from './part.js';
import { matching, NONE, orWord, text } from './scalar.js';

/** What stands for a commit or a tag object of which nobody knows the name. */
export const UNKNOWN = 'unknown';

const OBJECT = /[0-9a-f]{40}|[0-9a-f]{64}/;
const HEX = '40 or 64 lower-case hexadecimal digits';

/** The name of a commit, whole, for a short one can become ambiguous; or `unknown`. */
export const commit = matching(
  new RegExp(`${OBJECT.source}|${UNKNOWN}`),
  `${HEX} or ${UNKNOWN}`,
  'commit',
  UNKNOWN,
);

/** The name of the object that a tag stands for; `none` without a tag, `unknown` where no repository was at hand. */
export const tagObject = matching(
  new RegExp(`${OBJECT.source}|${UNKNOWN}|${NONE}`),
  `${HEX}, ${UNKNOWN} or ${NONE}`,
  'tag-object',
  UNKNOWN,
  NONE,
);

/** Where something was built from, and where: the lines that all records of builds have in common. */
export const sourceLines = [
  field('source_commit', 'sourceCommit', commit),
  field('source_tag', 'sourceTag', orWord(text, NONE)),
  field('source_tag_object', 'sourceTagObject', tagObject),
  field('build_environment', 'buildEnvironment', text),
] as const;

/** What {@link sourceLines} say. */
export interface RecordedSource {
  /** Whole, or `unknown`. */
  readonly sourceCommit: string;
  /** Or `none`. */
  readonly sourceTag: string;
  /** The object that the tag stood for, `unknown`, or `none` without a tag. */
  readonly sourceTagObject: string;
}

/** Returns what of a recorded source contradicts itself, in a sentence without its subject; undefined where all fits. */
export function sourceProblem({
  sourceTag,
  sourceTagObject,
  sourceCommit,
}: RecordedSource): string | undefined {
  if ((sourceTag === NONE) !== (sourceTagObject === NONE)) {
    return 'source_tag_object is none without a tag, and only then';
  }
  if (OBJECT.test(sourceTagObject) && sourceCommit === UNKNOWN) {
    return 'the object of its tag is known, but not the commit that the tag stands for';
  }
  return undefined;
}
