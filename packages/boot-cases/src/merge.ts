// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { copyAndSum, ensureFolder, HeldFileError, stageFolder } from '@latticra/held-files';
import { BootCaseError } from './error.js';
import { gatherRecords } from './record/gather.js';
import { RECORD_FILE } from './record/record.js';
import { type VerifiedRecord, verifyRecord } from './record/verify.js';

/** The records that a merge brought, and those that it found. */
export interface Merge {
  readonly added: readonly VerifiedRecord[];
  /** The records that were there already. */
  readonly known: readonly VerifiedRecord[];
}

/**
 * Copies the records of several folders into one, each into a folder named after its digest: the same record twice is
 * one, two of one case are two, and the order does not matter. Verifies each both where it comes from and where it
 * went.
 * @throws BootCaseError `bad-record`, and `no-records` for a folder that holds none; HeldFileError
 */
export async function mergeRecords(from: readonly string[], into: string): Promise<Merge> {
  // All of them are verified before the first is copied.
  const records: VerifiedRecord[] = [];
  for (const folder of from) records.push(...(await recordsIn(folder)));
  await ensureFolder(into);
  const added: VerifiedRecord[] = [];
  const known: VerifiedRecord[] = [];
  for (const record of records) {
    const target = join(into, record.sha256);
    const there = recordAt(target);
    if (there !== undefined) {
      known.push(assertSame(there, record));
      continue;
    }
    await stageFolder(target, async (staging) => {
      for (const name of filesOf(record)) await copyAndSum(join(record.folder, name), join(staging, name));
      assertSame(verifyRecord(staging), record);
    });
    added.push(record);
  }
  return { added, known };
}

/**
 * Reads the records of one computer's folder. Refuses one without any, for delivering nothing must not pass for
 * having nothing new.
 */
async function recordsIn(folder: string): Promise<VerifiedRecord[]> {
  const records = await gatherRecords(folder);
  if (records.length > 0) return records;
  throw new BootCaseError('no-records', `${folder}: holds no record`, {
    fix: 'name the folder that run was given as --output-dir, with the folders of its cases',
  });
}

/** Returns the record in a folder, verified, or undefined where there is no such folder. */
function recordAt(folder: string): VerifiedRecord | undefined {
  try {
    return verifyRecord(folder);
  } catch (error) {
    if (error instanceof HeldFileError && error.code === 'not-found' && error.path === folder)
      return undefined;
    throw error;
  }
}

function filesOf({ record: { serialLog, argvRecord, screenshot } }: VerifiedRecord): string[] {
  return [
    RECORD_FILE,
    serialLog.name,
    argvRecord.name,
    ...(screenshot === undefined ? [] : [screenshot.name]),
  ];
}

function assertSame(found: VerifiedRecord, expected: VerifiedRecord): VerifiedRecord {
  if (found.sha256 === expected.sha256) return found;
  throw new BootCaseError('bad-record', `${found.folder}: holds another record, ${found.sha256}`, {
    fix: 'remove that folder, or merge into another one',
  });
}
