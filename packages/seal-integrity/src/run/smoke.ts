// SPDX-License-Identifier: Apache-2.0
import type { Stats } from 'node:fs';
import { lstat, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { errnoOf, Failure } from '@latticra/failure';
import { readStableFile, writeFileAtomic } from '@latticra/held-files';
import { SealError } from '../error.js';
import { formatHashList, rootDigest } from '../hash-list/format.js';
import { MAX_MANIFEST_BYTES, parseManifest } from '../manifest/parse.js';
import { REPORT_FOLDER, SEAL_FILES } from '../manifest/schema.js';
import { createLedger, type Ledger } from '../report/checks.js';
import { reportDocument } from '../report/document.js';
import { type Findings, statusOf } from '../report/findings.js';
import { reportLines } from '../report/lines.js';
import type { Scope } from '../scope/collect.js';
import { walkPaths } from '../scope/walk-paths.js';
import { REPORTS_FIX } from './artifact.js';
import { judge, noteFailure, scopeRules } from './examine.js';
import { type LoadedManifest, named, noManifest } from './manifest.js';
import { circumstancesOf, type SealOptions } from './options.js';
import type { SealOutcome } from './seal.js';
import { assertRootPath, ROOT_FIX } from './session.js';

/** It pins no identity, takes no second thread and ends at once when it is interrupted. */
type SmokeOptions = Pick<SealOptions, 'root' | 'now' | 'kernel' | 'os' | 'onBytes' | 'onFiles'>;

/**
 * The legacy lane: the checks of `seal` by plain paths, on one thread, with a report and a hash list of its own. Whoever
 * may rename folders in the project during the run can mislead it.
 * @throws SealError `unsafe` for a report folder that is no folder, or not its owner's alone; HeldFileError
 */
export async function sealSmoke(options: SmokeOptions): Promise<SealOutcome> {
  const { root } = options;
  await assertRoot(root);
  await prepareReports(join(root, REPORT_FOLDER));
  for (const path of [SEAL_FILES.smokeReport, SEAL_FILES.smokeHashList]) await assertReplaceable(root, path);
  const ledger = createLedger();
  // What an earlier run left must not be taken for what this one finds.
  await withdraw(root);
  ledger.pass('stale_artifacts');
  const loaded = await load(root, ledger);
  const scope = loaded === undefined ? undefined : await examine(loaded, options, ledger);
  const isPublished = ledger.isClean && scope !== undefined;
  if (isPublished) {
    await writeFileAtomic(join(root, SEAL_FILES.smokeHashList), formatHashList(scope.entries), {
      mode: 0o644,
    });
    ledger.pass('hash_list');
  }
  const findings: Findings = {
    ...circumstancesOf(options),
    command: 'smoke',
    anchoring: 'none',
    isManifestPresent: await isThere(join(root, SEAL_FILES.manifest)),
    isLockPresent: await isThere(join(root, SEAL_FILES.lock)),
    results: ledger.results(),
    failures: ledger.failures,
    warnings: ledger.warnings,
    changes: undefined,
    manifestSha256: loaded?.sha256,
    rootDigest: isPublished ? rootDigest(scope.entries) : undefined,
    hashedFiles: scope?.entries.length ?? 0,
    hashList: isPublished ? SEAL_FILES.smokeHashList : undefined,
  };
  const document = reportDocument(findings);
  try {
    await writeFileAtomic(join(root, SEAL_FILES.smokeReport), formatDocument(document), { mode: 0o644 });
  } catch (error) {
    // No evidence stands where its report is missing.
    await withdraw(root);
    throw error;
  }
  return { status: statusOf(findings), document, lines: reportLines(findings) };
}

async function assertRoot(root: string): Promise<void> {
  assertRootPath(root);
  const stats = await stat(root).catch((cause: unknown) => {
    throw new SealError('unsafe', `project root ${root}: cannot be looked at (${errnoOf(cause)})`, {
      cause,
      fix: ROOT_FIX,
    });
  });
  if (!stats.isDirectory())
    throw new SealError('unsafe', `project root ${root}: is no folder`, { fix: ROOT_FIX });
}

async function prepareReports(path: string): Promise<void> {
  await mkdir(path, { mode: 0o755 }).catch((cause: unknown) => {
    if (errnoOf(cause) === 'EEXIST') return;
    throw new SealError('unsafe', `${REPORT_FOLDER}: cannot be made (${errnoOf(cause)})`, { cause });
  });
  const stats = await lstat(path).catch((cause: unknown) => {
    throw new SealError('unsafe', `${REPORT_FOLDER}: cannot be looked at (${errnoOf(cause)})`, { cause });
  });
  if (!stats.isDirectory())
    throw new SealError('unsafe', `${REPORT_FOLDER}: is no folder`, { fix: REPORTS_FIX });
  if ((stats.mode & 0o022) === 0) return;
  throw new SealError('unsafe', `${REPORT_FOLDER}: its group or everybody may write in it`, {
    fix: `take that permission away: chmod go-w ${REPORT_FOLDER}`,
  });
}

/** Seen to before anything is done: what stands there must be a file that a run may have left. */
async function assertReplaceable(root: string, path: string): Promise<void> {
  const stats = await lookAt(join(root, path));
  if (stats === undefined || (stats.isFile() && stats.nlink === 1)) return;
  throw new SealError('unsafe', `${path}: is no regular file of one name`, {
    fix: 'look at what it is, and remove it',
  });
}

/** Takes the hash list away. */
async function withdraw(root: string): Promise<void> {
  await rm(join(root, SEAL_FILES.smokeHashList), { force: true });
}

async function load(root: string, ledger: Ledger): Promise<LoadedManifest | undefined> {
  try {
    const path = join(root, SEAL_FILES.manifest);
    const stats = await lookAt(path);
    if (stats === undefined) throw noManifest();
    if (!stats.isFile() || stats.nlink !== 1)
      throw new SealError('manifest', `${SEAL_FILES.manifest}: is no regular file of one name`);
    const { bytes, sha256 } = await readStableFile(path, { maxBytes: MAX_MANIFEST_BYTES });
    const manifest = named(SEAL_FILES.manifest, () => parseManifest(bytes));
    ledger.pass('manifest');
    return { manifest, sha256 };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    noteFailure(ledger, 'manifest', error);
    return undefined;
  }
}

async function examine(
  loaded: LoadedManifest,
  { root, onBytes = () => undefined, onFiles = () => undefined }: SmokeOptions,
  ledger: Ledger,
): Promise<Scope> {
  const scope = await walkPaths({ root, ...scopeRules(loaded.manifest), onBytes, onFiles });
  judge(scope, loaded, ledger);
  return scope;
}

async function isThere(path: string): Promise<boolean> {
  return (await lookAt(path)) !== undefined;
}

/** What stands under a name; undefined only for nothing, as what cannot be looked at is not absent. */
async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined;
    throw new SealError('unsafe', `${path}: cannot be looked at (${errnoOf(cause)})`, { cause });
  }
}
