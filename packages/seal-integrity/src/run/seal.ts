// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, formatDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import type { AnchoredFile, AnchoredFolder } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { formatHashList, rootDigest } from '../hash-list/format.js';
import { SEAL_FILES } from '../manifest/schema.js';
import { createLedger, type Ledger } from '../report/checks.js';
import { reportDocument } from '../report/document.js';
import { type Findings, statusOf } from '../report/findings.js';
import { reportLines } from '../report/lines.js';
import { ARTIFACT_NAMES, publishArtifact } from './artifact.js';
import { attempt, type Examination, examine } from './examine.js';
import { writeLock } from './lock.js';
import type { SealOptions } from './options.js';
import { type Session, withSession } from './session.js';

/** What came of a run that could be made safely. */
export interface SealOutcome {
  readonly status: 'PASS' | 'FAIL';
  /** The report, as it was written. */
  readonly document: EvidenceDocument;
  /** The same for people. */
  readonly lines: readonly string[];
}

/**
 * Checks a project against its `latticra.seal`, and, as `verify`, against its lockfile. Leaves the report, and, where
 * nothing failed, the hash list; as `baseline` the lockfile too.
 *
 * @throws SealError `unsafe` when nothing can be vouched for in that place, the report not even written
 */
export function seal(options: SealOptions): Promise<SealOutcome> {
  return withSession(options, async (session) => {
    assertReplaceable(session);
    const ledger = createLedger();
    const examination = await examine(session, options, ledger);
    const hashList = publishEvidence(session, options, examination, ledger);
    try {
      const findings = gather(session, options, examination, ledger, hashList !== undefined);
      const document = reportDocument(findings);
      publishReport(session, document);
      return { status: statusOf(findings), document, lines: reportLines(findings) };
    } finally {
      hashList?.close();
    }
  });
}

/** Seen to before anything is done: evidence without its report would be worth nothing. */
function assertReplaceable({ reports }: Session): void {
  const standing = reports.lstat(ARTIFACT_NAMES.report);
  if (standing === undefined || (standing.isFile() && standing.nlink === 1n)) return;
  throw new SealError('unsafe', `${SEAL_FILES.report}: is no regular file of one name`, {
    fix: 'look at what it is, and remove it',
  });
}

/** The hash list, held, once nothing has failed; for `baseline` its copy as well. */
function publishEvidence(
  { root, reports }: Session,
  { command }: SealOptions,
  { scope }: Examination,
  ledger: Ledger,
): AnchoredFile | undefined {
  if (!ledger.isClean || scope === undefined) return undefined;
  const hashList = attempt(ledger, 'hash_list', () =>
    publishArtifact(reports, ARTIFACT_NAMES.hashList, () => formatHashList(scope.entries)),
  );
  // It may have its name, and not be durable.
  if (hashList === undefined) withdraw(reports);
  else if (command === 'baseline') attempt(ledger, 'baseline', () => writeLock(root, hashList));
  return hashList;
}

/** Takes the hash list away again. Why it must not be there matters more than what else goes wrong. */
function withdraw(reports: AnchoredFolder): void {
  try {
    reports.remove(ARTIFACT_NAMES.hashList);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

function publishReport({ reports }: Session, document: EvidenceDocument): void {
  try {
    const text = Buffer.from(formatDocument(document));
    publishArtifact(reports, ARTIFACT_NAMES.report, () => [text]).close();
  } catch (error) {
    // No evidence stands where its report is missing.
    withdraw(reports);
    throw error;
  }
}

function gather(
  { root }: Session,
  options: SealOptions,
  { loaded, scope, changes }: Examination,
  ledger: Ledger,
  isHashListPublished: boolean,
): Findings {
  return {
    command: options.command,
    timestamp: `${options.now().toISOString().slice(0, 19)}Z`,
    root: options.root,
    kernel: options.kernel,
    os: options.os,
    anchoring: root.anchoring,
    isManifestPresent: root.lstat(ARTIFACT_NAMES.manifest) !== undefined,
    isLockPresent: root.lstat(ARTIFACT_NAMES.lock) !== undefined,
    results: ledger.results(),
    failures: ledger.failures,
    warnings: ledger.warnings,
    changes,
    manifestSha256: loaded?.sha256,
    // Part of the files, or files that were denied, have no digest that anybody could hold against them later.
    rootDigest: scope === undefined || !isHashListPublished ? undefined : rootDigest(scope.entries),
    hashedFiles: scope?.entries.length ?? 0,
    hashList: isHashListPublished ? SEAL_FILES.hashList : undefined,
  };
}
