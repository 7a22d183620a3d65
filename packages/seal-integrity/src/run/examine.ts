// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';
import { createVisits } from '@latticra/held-files/anchor';
import { withFix } from '../error.js';
import { type Changes, compareHashLists, countChanges } from '../hash-list/compare.js';
import type { HashEntry } from '../hash-list/entry.js';
import { SEAL_FILES, type SealManifest } from '../manifest/schema.js';
import { compilePatterns } from '../pattern.js';
import { deniedName } from '../policy/built-in.js';
import type { Marker } from '../policy/marker.js';
import { markersOf } from '../policy/markers.js';
import type { Check, Ledger } from '../report/checks.js';
import type { Scope, ScopeRules } from '../scope/collect.js';
import { startHelper } from '../scope/helper.js';
import { modeWarnings } from '../scope/modes.js';
import { walkScope } from '../scope/walk.js';
import { ARTIFACT_NAMES, nameOf } from './artifact.js';
import { readLock } from './lock.js';
import { type LoadedManifest, loadManifest } from './manifest.js';
import type { SealRun } from './options.js';
import { isLicenseName, isReadmeName, missingRequired } from './required.js';
import type { Session } from './session.js';

/** The findings before anything is written. */
export interface Examination {
  readonly loaded: LoadedManifest | undefined;
  readonly scope: Scope | undefined;
  readonly changes: Changes | undefined;
}

/** Does the work of a check, or notes why it failed and returns undefined. */
export function attempt<T>(ledger: Ledger, check: Check, work: () => T): T | undefined {
  try {
    const result = work();
    ledger.pass(check);
    return result;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    noteFailure(ledger, check, error);
    return undefined;
  }
}

/** Notes why a check failed, and what to do about it. */
function noteFailure(ledger: Ledger, check: Check, failure: Failure): void {
  ledger.fail(check, [withFix(failure)]);
}

/** Goes through the gates in order: artifacts, manifest, baseline, then everything in the scope. */
export async function examine(session: Session, options: SealRun, ledger: Ledger): Promise<Examination> {
  clearStale(session, ledger);
  const loaded = attempt(ledger, 'manifest', () => loadManifest(session.root));
  if (loaded !== undefined && options.expectId !== undefined) expectId(loaded, options.expectId, ledger);
  const lock =
    options.command === 'verify' ? attempt(ledger, 'lockfile', () => readLock(session.root)) : undefined;
  if (!ledger.isClean || loaded === undefined) return { loaded, scope: undefined, changes: undefined };
  const scope = await walk(session, loaded.manifest, options);
  judge(scope, loaded, ledger);
  return { loaded, scope, changes: lock === undefined ? undefined : compare(lock, scope, ledger) };
}

/** Removes what an earlier run left, which must not be taken for what this one finds. */
function clearStale({ root, reports, outputs }: Session, ledger: Ledger): void {
  attempt(ledger, 'stale_artifacts', () => {
    reports.remove(nameOf(outputs.hashList));
    for (const path of [outputs.hashList, outputs.report]) reports.clearStale(nameOf(path));
    root.clearStale(ARTIFACT_NAMES.lock);
  });
}

function expectId({ manifest }: LoadedManifest, expected: string, ledger: Ledger): void {
  const { id } = manifest.project;
  const reason = `${SEAL_FILES.manifest}: project.id: expected ${JSON.stringify(expected)}, found ${JSON.stringify(id)}`;
  ledger.settle('project_id', id === expected ? [] : [reason]);
}

function walk({ root }: Session, manifest: SealManifest, options: SealRun): Promise<Scope> {
  const { helperScript } = options;
  return walkScope({
    root,
    ...scopeRules(manifest),
    startHelper:
      helperScript === undefined ? undefined : () => startHelper(helperScript, manifest.denyContents),
    visits: options.mayChangeDirectory === true ? createVisits() : undefined,
    onBytes: options.onBytes ?? (() => undefined),
    onFiles: options.onFiles ?? (() => undefined),
    signal: options.signal,
  });
}

/** Returns the rules that a manifest has for the scope. */
function scopeRules(manifest: SealManifest): ScopeRules & { readonly markers: readonly Marker[] } {
  const denied = compilePatterns(manifest.denyFilenames);
  return {
    exclude: compilePatterns(manifest.exclude),
    deniedName: (path, name) =>
      deniedName(name) ??
      (denied({ path, name, isFolder: false }) ? 'matches policy.deny_filenames' : undefined),
    markers: markersOf(manifest.denyContents),
  };
}

/** The advice for a manifest that could be weakened without a baseline's noticing. */
const EXCLUDED_FIX = 'leave it in, or no baseline tells when it was changed';

/** The advice for a file that another run writes, that one left, or that somebody named so. */
const TEMPORARY =
  'is named like a temporary of Seal, and left out; where no other run is under way, look at what it is, and remove it';

/** Compares what was found with the manifest. */
function judge(scope: Scope, { manifest, sha256 }: LoadedManifest, ledger: Ledger): void {
  const { entries } = scope;
  const own = entries.find(({ path }) => path === SEAL_FILES.manifest);
  if (own !== undefined && own.sha256 !== sha256)
    ledger.fail('manifest', [`${SEAL_FILES.manifest}: was replaced after it had been read`]);
  const exclude = compilePatterns(manifest.exclude);
  if (exclude({ path: SEAL_FILES.manifest, name: SEAL_FILES.manifest, isFolder: false }))
    ledger.warn(`${SEAL_FILES.manifest}: is excluded from the scope; ${EXCLUDED_FIX}`);
  ledger.settle('scope', scope.incomplete);
  ledger.settle('file_names', scope.deniedNames);
  ledger.settle('file_contents', scope.deniedContents);
  for (const [check, name, isIt] of [
    ['readme', 'README', isReadmeName],
    ['license', 'LICENSE', isLicenseName],
  ] as const) {
    const isThere = entries.some(({ path }) => isIt(path));
    ledger.settle(check, isThere ? [] : [`${name}: no such file at the root, in the scope`]);
  }
  const missing = missingRequired(manifest.requiredFiles, entries, exclude);
  ledger.settle('required_files', missing);
  ledger.settle('digests', entries.length > 0 ? [] : ['the scope holds no file']);
  for (const path of scope.temporaries) ledger.warn(`${path}: ${TEMPORARY}`);
  for (const reason of modeWarnings(scope.modes)) ledger.warn(reason);
  if (manifest.maxFileSizeMb !== undefined) {
    for (const path of scope.large) ledger.warn(`${path}: is larger than ${manifest.maxFileSizeMb} MiB`);
  }
}

/** The advice for somebody who made the changes, and for somebody who did not. */
const CHANGED_FIX = 'find out whose doing that is, and where it is meant, run latticra-seal baseline';

/**
 * Compares the files with the baseline. Where not everything could be read, a file that was not found may be one that
 * could not be read: none is called removed then, and the check that nothing changed is not made.
 */
function compare(lock: readonly HashEntry[], { entries, incomplete }: Scope, ledger: Ledger): Changes {
  const found = compareHashLists(lock, entries);
  const changes = incomplete.length === 0 ? found : { ...found, removed: [] };
  const count = countChanges(changes);
  const reason = `${SEAL_FILES.lock}: ${count === 1 ? 'one file is' : `${count} files are`} not what it says; ${CHANGED_FIX}`;
  if (count > 0) ledger.settle('unchanged', [reason]);
  else if (incomplete.length === 0) ledger.settle('unchanged', []);
  return changes;
}
