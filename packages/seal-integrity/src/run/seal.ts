// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { type EvidenceDocument, formatDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import { type AnchoredFolder, type Identity, isSameFile } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { formatHashList } from '../hash-list/format.js';
import { REPORT_FOLDER } from '../manifest/schema.js';
import { createLedger, type Ledger } from '../report/checks.js';
import { reportDocument } from '../report/document.js';
import { type Findings, statusOf } from '../report/findings.js';
import { reportLines } from '../report/lines.js';
import { ARTIFACT_NAMES, nameOf, publishArtifact } from './artifact.js';
import { attempt, type Examination, examine } from './examine.js';
import { writeLock } from './lock.js';
import { completeOptions, runMetadata, type SealOptions, type SealRun } from './options.js';
import { type Session, withSession } from './session.js';

/** The outcome of a run that could be made safely. */
export interface SealOutcome {
  readonly status: 'PASS' | 'FAIL';
  /** The report, as it was written. */
  readonly document: EvidenceDocument;
  /** The report for people, line by line. */
  readonly lines: readonly string[];
  /** The same as values: what failed and why, every check with its result, what changed since the lockfile. */
  readonly findings: Findings;
}

/**
 * Checks a project against its `latticra.seal`, and, as `verify`, against its lockfile. Leaves the report, and, where
 * nothing failed, the hash list; as `baseline` the lockfile too. With the anchoring `none` nothing is held: whoever may
 * rename folders in the project meanwhile can mislead it.
 *
 * @example
 * import { seal } from '@latticra/seal-integrity';
 *
 * const { status, findings } = await seal({ command: 'check', root: process.cwd() });
 * console.log(status, findings.failures);
 *
 * @throws SealError `unsafe` when nothing can be vouched for in that place, the report not even written
 */
export function seal(given: SealOptions): Promise<SealOutcome> {
  const options = completeOptions(given);
  return withSession(options, async (session) => {
    assertReplaceable(session, options);
    const ledger = createLedger();
    const examination = await examine(session, options, ledger);
    const rootDigest = publishEvidence(session, options, examination, ledger);
    try {
      const findings = gather(session, options, examination, ledger, rootDigest);
      const document = reportDocument(findings);
      publishReport(session, document);
      return { status: statusOf(findings), document, lines: reportLines(findings), findings };
    } catch (error) {
      // No evidence stands where its report is missing.
      withdraw(session.reports, session.outputs.hashList);
      throw error;
    }
  });
}

/**
 * Refuses, before anything is done, what stands in place of the report: evidence without it would be worth nothing. In
 * place of its hash list the legacy lane refuses the same, where the others report it.
 */
function assertReplaceable({ reports, outputs }: Session, { command }: SealOptions): void {
  const { report, hashList } = outputs;
  for (const path of command === 'smoke' ? [report, hashList] : [report]) {
    const standing = reports.lstat(nameOf(path));
    if (standing === undefined || (standing.isFile() && standing.nlink === 1n)) continue;
    throw new SealError('unsafe', `${path}: is no regular file of one name`, {
      fix: 'look at what it is, and remove it',
    });
  }
}

/**
 * Writes the hash list if nothing has failed, for `baseline` its copy as well. Returns the SHA-256 in hex of what was
 * written, if it stands.
 */
function publishEvidence(
  session: Session,
  { command }: SealOptions,
  { scope }: Examination,
  ledger: Ledger,
): string | undefined {
  if (!ledger.isClean || scope === undefined) return undefined;
  const { root, reports, outputs } = session;
  const digest = attempt(ledger, 'hash_list', () => {
    let sum = createHash('sha256');
    const hashList = publishArtifact(reports, nameOf(outputs.hashList), () => {
      sum = createHash('sha256');
      return summed(formatHashList(scope.entries), sum);
    });
    try {
      assertInPlace(session);
      if (command === 'baseline') attempt(ledger, 'baseline', () => writeLock(root, hashList));
    } finally {
      hashList.close();
    }
    return sum.digest('hex');
  });
  // It may have its name, and not be durable; or its copy is not there.
  if (!ledger.isClean) withdraw(reports, outputs.hashList);
  return ledger.isClean ? digest : undefined;
}

/** Passes pieces on, and adds each to a sum. */
function* summed(pieces: Iterable<Uint8Array>, sum: Hash): Generator<Uint8Array> {
  for (const bytes of pieces) {
    sum.update(bytes);
    yield bytes;
  }
}

/**
 * Removes an artifact again. Why it must not be there matters more than what else goes wrong.
 * @param earlier of another run: stays
 */
function withdraw(reports: AnchoredFolder, path: string, earlier?: Identity): void {
  const name = nameOf(path);
  try {
    const standing = reports.lstat(name);
    const isEarlier = standing !== undefined && earlier !== undefined && isSameFile(standing, earlier);
    if (!isEarlier) reports.remove(name);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

function publishReport(session: Session, document: EvidenceDocument): void {
  const { reports, outputs } = session;
  const name = nameOf(outputs.report);
  const earlier = reports.lstat(name);
  try {
    const text = Buffer.from(formatDocument(document));
    publishArtifact(reports, name, () => [text]).close();
    assertInPlace(session);
  } catch (error) {
    // It may have its name, and not be durable.
    withdraw(reports, outputs.report, earlier);
    throw error;
  }
}

/**
 * Refuses folders that were moved away or that others may write to: nobody will look there, and what lies there may not
 * be what was written.
 * @throws SealError `unsafe`, HeldFileError
 */
function assertInPlace({ root, reports }: Session): void {
  reports.assertPrivate();
  const standing = root.lstat(REPORT_FOLDER);
  if (standing !== undefined && isSameFile(standing, reports.stats)) return;
  throw new SealError('unsafe', `${REPORT_FOLDER}: is no longer where it was`, {
    fix: 'find out who moves it, then run this again',
  });
}

function gather(
  { root, outputs }: Session,
  options: SealRun,
  { loaded, scope, changes }: Examination,
  ledger: Ledger,
  rootDigest: string | undefined,
): Findings {
  return {
    ...runMetadata(options),
    anchoring: root.anchoring,
    isManifestPresent: root.lstat(ARTIFACT_NAMES.manifest) !== undefined,
    isLockPresent: root.lstat(ARTIFACT_NAMES.lock) !== undefined,
    results: ledger.results(),
    failures: ledger.failures,
    warnings: ledger.warnings,
    changes,
    manifestSha256: loaded?.sha256,
    // Part of the files, or files that were denied, have no digest that anybody could hold against them later.
    rootDigest,
    hashedFiles: scope?.entries.length ?? 0,
    modes: scope?.modes,
    temporaries: scope?.temporaries.length,
    hashList: rootDigest !== undefined ? outputs.hashList : undefined,
  };
}
