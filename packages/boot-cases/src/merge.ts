// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { Failure } from '@latticra/failure';
import { ensureFolder, HeldFileError, isAbsent, withSmallFolders } from '@latticra/held-files';
import { BootCaseError } from './error.js';
import { assertRecordFiles, assertSameRecord, copySignature, readRecordFiles } from './record/copy.js';
import { betterSigned, distinctRecords } from './record/distinct.js';
import { requireKeptRecords } from './record/gather.js';
import { createKeptFiles } from './record/kept.js';
import { type VerifiedRecord, type VerifyRecordOptions, verifyRecord } from './record/verify.js';

/** The records that a merge brought, and those that it found. */
export interface Merge {
  readonly added: readonly VerifiedRecord[];
  /** The records that were there already. */
  readonly known: readonly VerifiedRecord[];
}

/**
 * Copies the records of several folders into one, each into a folder named after its digest: the same record twice is
 * one, two of one case are two, and the order does not matter. A signature goes with its record, also to a copy that has none
 * yet. Verifies each both where it comes from and where it went.
 * @param options with `signers`, every record has to be signed by one of them
 * @throws BootCaseError `bad-record`, and `no-records` for a folder that holds none; HeldFileError
 */
export async function mergeRecords(
  from: readonly string[],
  into: string,
  options: VerifyRecordOptions = {},
): Promise<Merge> {
  // All of them are verified before the first is copied.
  const records: VerifiedRecord[] = [];
  const kept = createKeptFiles();
  for (const folder of from) records.push(...(await requireKeptRecords(folder, options, kept)));
  distinctRecords(records);
  await ensureFolder(into);
  const added: VerifiedRecord[] = [];
  const known: VerifiedRecord[] = [];
  const arriving = new Set<string>();
  await withSmallFolders(into, async (folders) => {
    for (const record of records) {
      const target = join(into, record.sha256);
      // The same record once more is held against the copy of the first.
      if (arriving.has(record.sha256)) await folders.settle();
      const there = await folders.besides(() => recordAt(target));
      if (there !== undefined) {
        const better = betterSigned(assertSameRecord(there, record), record);
        if (better === record) await folders.besides(() => copySignature(record, target));
        known.push(there);
        continue;
      }
      const files = kept.take(record) ?? (await folders.besides(() => readRecordFiles(record)));
      await folders.add(record.sha256, files, (staging) => assertRecordFiles(record, staging));
      arriving.add(record.sha256);
      added.push(record);
    }
  });
  return { added, known };
}

/**
 * Returns the record in a folder, verified, or undefined where there is no such folder.
 * @throws BootCaseError `bad-record` for whatever else is there: a good one comes with the merge, once that is out of its way
 */
function recordAt(folder: string): VerifiedRecord | undefined {
  // Mostly there is none, and a look costs less than an error.
  if (isAbsent(folder)) return undefined;
  try {
    return verifyRecord(folder);
  } catch (error) {
    if (error instanceof HeldFileError && error.code === 'not-found' && error.path === folder)
      return undefined;
    if (!(error instanceof Failure) || error.kind === 'io') throw error;
    throw new BootCaseError('bad-record', `${folder}: ${whatIsThere(error)}`, {
      cause: error,
      fix: 'remove it, or merge into another folder',
    });
  }
}

/** Says what is in the place of a record. */
function whatIsThere(error: Failure): string {
  if (error.code === 'not-folder') return 'is no folder of a record';
  if (error.code === 'not-found') return 'has the name of a record, and holds none';
  return `holds no record that holds: ${error.message}`;
}
