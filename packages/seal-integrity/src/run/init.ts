// SPDX-License-Identifier: Apache-2.0
import type { AnchoredFolder } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { formatManifest } from '../manifest/format.js';
import { MAX_MANIFEST_BYTES } from '../manifest/parse.js';
import { type ProjectIdentity, SEAL_FILES, type SealManifest } from '../manifest/schema.js';
import { compilePattern } from '../pattern.js';
import { ARTIFACT_NAMES, openReportFolder } from './artifact.js';
import type { SealOptions } from './options.js';
import { isLicenseName, isReadmeName } from './required.js';
import { withRoot } from './session.js';
import { type Survey, surveyProject } from './survey.js';

/** A manifest that was written for a project. */
export interface Initiated {
  readonly manifest: SealManifest;
  /** The reasons why a check will fail all the same until somebody sees to it: each begins with the path. */
  readonly obstacles: readonly string[];
  /** The things that the manifest leaves out or allows and that somebody might not expect: each begins with the path. */
  readonly notes: readonly string[];
}

/** Patterns of files that usually hold private keys or passwords. */
const DENY_FILENAMES = ['*.pem', '*.p12', '*.pfx', '*.kdbx'];

/** The most bytes of patterns in a manifest, which everything else has to fit in too. */
const MAX_EXCLUDE_BYTES = MAX_MANIFEST_BYTES / 2;

/**
 * Writes a manifest for the project at the root. It excludes what tools make there, and links and the like, and denies
 * no name that a file has already, so that a check passes at once. What stands against that and cannot be excluded, or
 * only by somebody's decision, is told.
 * @param maxExcludeBytes what patterns may take of the manifest
 * @throws SealError `exists`; `artifact` where README or license is missing, or there is too much to exclude;
 *   `manifest` for an identity that cannot be written; HeldFileError
 */
export function initManifest(
  project: ProjectIdentity,
  options: Pick<SealOptions, 'root' | 'anchoring'>,
  maxExcludeBytes = MAX_EXCLUDE_BYTES,
): Promise<Initiated> {
  return withRoot(options, (root) => {
    assertNone(root);
    root.clearStale(ARTIFACT_NAMES.manifest);
    const survey = surveyProject(root);
    assertFits(survey, maxExcludeBytes);
    const manifest = manifestFor(project, survey);
    const text = Buffer.from(formatManifest(manifest));
    const temporary = root.createTemporary(ARTIFACT_NAMES.manifest);
    try {
      temporary.write(text);
      // Going through a large project took its time, in which somebody may have written one.
      assertNone(root);
      temporary.publish().close();
    } finally {
      temporary.discard();
    }
    return {
      manifest,
      obstacles: [...survey.obstacles, ...reportFolderObstacles(root)],
      notes: [...survey.notes, ...allowedNames(survey)],
    };
  });
}

/** Refuses a root where there is a manifest. @throws SealError `exists` */
function assertNone(root: AnchoredFolder): void {
  if (root.lstat(ARTIFACT_NAMES.manifest) === undefined) return;
  throw new SealError('exists', `${SEAL_FILES.manifest}: is there already`, {
    fix: 'edit it, or remove it first',
  });
}

/** Refuses patterns that would fill the manifest. @throws SealError `artifact` */
function assertFits({ exclude }: Survey, maxBytes: number): void {
  const bytes = exclude.reduce((sum, pattern) => sum + Buffer.byteLength(pattern), 0);
  if (bytes <= maxBytes) return;
  throw new SealError(
    'artifact',
    `${SEAL_FILES.manifest}: ${exclude.length} patterns of ${bytes} bytes, expected at most ${maxBytes}`,
    { fix: 'leave out whole folders: write a manifest for an emptier project, and add their patterns to it' },
  );
}

/** Returns why no report could be written, if anything is wrong with the report folder. */
function reportFolderObstacles(root: AnchoredFolder): string[] {
  try {
    openReportFolder(root, { create: false }).close();
    return [];
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return error.code === 'unsafe' ? [error.message] : [];
  }
}

/** Returns each pattern of denied names with the first file, if any, that it would deny. */
function filesDenied({ entries }: Survey): (readonly [pattern: string, file: string | undefined])[] {
  const files = entries.filter(({ isFolder }) => !isFolder);
  return DENY_FILENAMES.map((pattern) => [pattern, files.find(compilePattern(pattern))?.path]);
}

/** Returns which names are not denied, and for the sake of which file: it may have been put there for that. */
function allowedNames(survey: Survey): string[] {
  return filesDenied(survey).flatMap(([pattern, file]) =>
    file === undefined ? [] : [`${file}: has a name like ${pattern}, which is therefore not denied`],
  );
}

function manifestFor(project: ProjectIdentity, survey: Survey): SealManifest {
  const files = survey.entries.filter(({ isFolder }) => !isFolder);
  const fileCalled = (what: string, isIt: (path: string) => boolean): string => {
    const found = files.find(({ path }) => isIt(path));
    if (found !== undefined) return found.path;
    throw new SealError('artifact', `${what}: no such file at the root, regular and of one name`, {
      fix: 'write it first: no project passes without',
    });
  };
  return {
    project,
    exclude: survey.exclude,
    requiredFiles: [
      fileCalled('README', isReadmeName),
      fileCalled('LICENSE', isLicenseName),
      SEAL_FILES.manifest,
    ],
    denyFilenames: filesDenied(survey).flatMap(([pattern, file]) => (file === undefined ? [pattern] : [])),
    denyContents: [],
    maxFileSizeMb: 25,
  };
}
