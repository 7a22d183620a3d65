// SPDX-License-Identifier: Apache-2.0
import { HeldFileError } from '@latticra/held-files';
import {
  type AnchoredFile,
  type AnchoredFolder,
  type Identity,
  isSameFile,
} from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { MAX_HASH_LIST_BYTES } from '../hash-list/parse.js';
import { REPORT_FOLDER, SEAL_FILES } from '../manifest/schema.js';
import type { SealCommand } from '../report/findings.js';
import { retryOnConflict } from '../retry.js';

/** The names of the files that Seal writes, in the folders that they lie in. */
export const ARTIFACT_NAMES = {
  report: nameOf(SEAL_FILES.report),
  hashList: nameOf(SEAL_FILES.hashList),
  lock: nameOf(SEAL_FILES.lock),
  manifest: nameOf(SEAL_FILES.manifest),
} as const;

/** The two files that a command leaves in the folder of the reports, by their paths from the root. */
export interface Outputs {
  readonly report: string;
  readonly hashList: string;
}

/** Returns the outputs of a command: the legacy lane has its own. */
export function outputsOf(command: SealCommand): Outputs {
  const { report, hashList, smokeReport, smokeHashList } = SEAL_FILES;
  return command === 'smoke' ? { report: smokeReport, hashList: smokeHashList } : { report, hashList };
}

/** Returns the name of an artifact in the folder that it lies in. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Holds the folder of the reports: a real folder in the root that nobody but its owner writes to.
 * @param options.create makes it where there is none
 * @throws SealError `unsafe`; `artifact` where there is none and it is not to be made
 */
export function openReportFolder(
  root: AnchoredFolder,
  options: { readonly create: boolean },
): AnchoredFolder {
  try {
    if (root.lstat(REPORT_FOLDER) === undefined) {
      if (!options.create) {
        throw new SealError('artifact', `${REPORT_FOLDER}: no such folder`, {
          fix: 'run latticra-seal check',
        });
      }
      makeFolder(root);
    }
    const reports = enter(root);
    try {
      reports.assertPrivate();
      return reports;
    } catch (error) {
      reports.close();
      throw error;
    }
  } catch (error) {
    throw unsafe(error);
  }
}

/** The advice where something else stands in the place of the report folder. */
const REPORTS_FIX = 'remove it, and the next run makes one';

/** Holds the folder of the reports. @throws SealError `unsafe` for what is no folder, HeldFileError */
function enter(root: AnchoredFolder): AnchoredFolder {
  try {
    return root.openFolder(REPORT_FOLDER);
  } catch (error) {
    if (!(error instanceof HeldFileError) || error.code !== 'not-folder') throw error;
    throw new SealError('unsafe', error.message, {
      cause: error,
      fix: REPORTS_FIX,
    });
  }
}

function makeFolder(root: AnchoredFolder): void {
  try {
    root.makeFolder(REPORT_FOLDER, 0o755);
  } catch (error) {
    // Another run was quicker.
    if (!(error instanceof HeldFileError) || error.code !== 'exists') throw error;
  }
}

/**
 * Writes an artifact whole or not at all, and returns it, held: what is read there is what was written, whoever
 * replaces it. Of several runs at once each publishes its own, and the last one's stays.
 * @throws HeldFileError
 */
export function publishArtifact(
  folder: AnchoredFolder,
  name: string,
  content: () => Iterable<Uint8Array>,
): AnchoredFile {
  let isWritten = false;
  const publish = () => {
    isWritten = false;
    const temporary = folder.createTemporary(name);
    try {
      for (const bytes of content()) temporary.write(bytes);
      isWritten = true;
      return temporary.publish();
    } catch (error) {
      temporary.discard();
      throw error;
    }
  };
  // What its content is made of belongs to this run alone.
  return retryOnConflict(publish, () => isWritten);
}

/** Reads an artifact: all bytes are of one run, whichever replaces it meanwhile. @throws HeldFileError */
export function bytesOfArtifact(folder: AnchoredFolder, name: string): Buffer {
  let opened: Identity | undefined;
  const read = () => {
    opened = undefined;
    const file = folder.openFile(name);
    opened = file.stats;
    try {
      return file.bytes(MAX_HASH_LIST_BYTES);
    } finally {
      file.close();
    }
  };
  const isReplaced = () => {
    const standing = folder.lstat(name);
    return opened === undefined || (standing !== undefined && !isSameFile(standing, opened));
  };
  // Where no other took its name it is not what it seemed to be, and another look would not make it so.
  return retryOnConflict(read, isReplaced);
}

/** Turns a failure into one of the place, in which nothing can be vouched for. */
export function unsafe(error: unknown): unknown {
  if (!(error instanceof HeldFileError)) return error;
  const fix = error.fix === undefined ? {} : { fix: error.fix };
  return new SealError('unsafe', error.message, { cause: error, ...fix });
}
