// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import { type AnchoredFolder, openAnchor } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { type Outputs, openReportFolder, outputsOf, unsafe } from './artifact.js';
import type { SealOptions } from './options.js';

/** The two folders of a run, and its outputs. */
export interface Session {
  readonly root: AnchoredFolder;
  readonly reports: AnchoredFolder;
  /** The outputs in `reports`, by their paths from the root. */
  readonly outputs: Outputs;
}

/**
 * Holds the root for as long as `use` takes. Messages name what is in it by the path from it.
 * @throws SealError `unsafe`, and what `use` throws
 */
export async function withRoot<T>(
  { root: path, anchoring }: Pick<SealOptions, 'root' | 'anchoring'>,
  use: (root: AnchoredFolder) => T | Promise<T>,
): Promise<T> {
  assertRootPath(path);
  const root = hold(path, anchoring);
  try {
    return await use(root);
  } finally {
    root.close();
  }
}

/** The character that Node puts for bytes that are no UTF-8: the path that it makes is of another folder, if of any. */
const REPLACEMENT = '\ufffd';

/**
 * Refuses a path that cannot stand on a line of a report, or is not the one that was meant.
 * @throws SealError `unsafe`
 */
function assertRootPath(path: string): void {
  if (isPlainText(path) && !path.includes(REPLACEMENT)) return;
  throw new SealError('unsafe', `project root ${JSON.stringify(path)}: no report can name such a path`, {
    fix: 'rename the folders on the way to it in plain text',
  });
}

/** The advice, whatever is wrong with a root. */
const ROOT_FIX = 'go to the root of the project, or name it with --root, as somebody who may read it';

function hold(path: string, anchoring: SealOptions['anchoring']): AnchoredFolder {
  try {
    return openAnchor(path, { label: '.', ...(anchoring === undefined ? {} : { anchoring }) });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new SealError('unsafe', `project root ${path}: ${error.message.replace(/^\.: /, '')}`, {
      cause: error,
      fix: error.fix ?? ROOT_FIX,
    });
  }
}

/** Holds the root and the folder of the reports, which is made where there is none. @throws SealError `unsafe` */
export function withSession<T>(options: SealOptions, use: (session: Session) => Promise<T>): Promise<T> {
  return withRoot(options, async (root) => {
    const reports = openReportFolder(root, { create: true });
    try {
      return await use({ root, reports, outputs: outputsOf(options.command) });
    } catch (error) {
      throw unsafe(error);
    } finally {
      reports.close();
    }
  });
}
