// SPDX-License-Identifier: Apache-2.0
import { parseDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import type { AnchoredFolder } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { parseHashList } from '../hash-list/parse.js';
import { SEAL_FILES } from '../manifest/schema.js';
import { reportProblem } from '../report/shape.js';
import { ARTIFACT_NAMES, bytesOfArtifact, openReportFolder } from './artifact.js';
import type { SealOptions } from './options.js';
import { withRoot } from './session.js';

/** The artifacts that can be read back. */
export type Streamed = 'report' | 'hashList';

/**
 * Reads the report or the hash list of the last run, once, and makes sure that it is one. Makes nothing, not even the
 * folder.
 * @throws SealError `unsafe` for the folder, `artifact` for anything but a whole artifact; HeldFileError
 */
export function readArtifact(
  which: Streamed,
  options: Pick<SealOptions, 'root' | 'anchoring'>,
): Promise<Buffer> {
  return withRoot(options, (root) => {
    const reports = openReportFolder(root, { create: false });
    try {
      return readIn(reports, which);
    } finally {
      reports.close();
    }
  });
}

function readIn(reports: AnchoredFolder, which: Streamed): Buffer {
  const path = SEAL_FILES[which];
  const name = ARTIFACT_NAMES[which];
  if (reports.lstat(name) === undefined) {
    throw new SealError('artifact', `${path}: no such file`, {
      fix: which === 'report' ? 'run latticra-seal check' : 'run latticra-seal check, and see that it passes',
    });
  }
  const bytes = bytesOfArtifact(reports, name);
  accept(path, () => (which === 'report' ? parseReport(bytes) : parseHashList(bytes)));
  return bytes;
}

function parseReport(bytes: Buffer): void {
  const problem = reportProblem(parseDocument(bytes));
  if (problem !== undefined) throw new SealError('artifact', `no whole report: ${problem}`);
}

function accept(path: string, parse: () => unknown): void {
  try {
    parse();
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new SealError('artifact', `${path}: ${cause.message}`, {
      cause,
      fix: 'run latticra-seal check again',
    });
  }
}
