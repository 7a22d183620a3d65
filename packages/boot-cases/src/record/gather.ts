// SPDX-License-Identifier: Apache-2.0
import { openAnchor } from '@latticra/held-files/anchor';
import { BootCaseError } from '../error.js';
import type { KeptFiles } from './kept.js';
import { type VerifiedRecord, type VerifyRecordOptions, verifyHeldIfAny } from './verify.js';

/**
 * Reads and verifies every record in the folders of `folder`, in the order of their names. Skips a folder without a
 * record, but not one that it cannot look into.
 * @throws HeldFileError `not-found` where there is no such folder; as `verifyRecord` for the first that does not hold
 */
export async function gatherRecords(
  folder: string,
  options: VerifyRecordOptions = {},
): Promise<VerifiedRecord[]> {
  return gather(folder, options);
}

async function gather(
  folder: string,
  options: VerifyRecordOptions,
  kept?: KeptFiles,
): Promise<VerifiedRecord[]> {
  const held = openAnchor(folder);
  try {
    const records: VerifiedRecord[] = [];
    for (const name of held.list().names) {
      const seen = held.lstat(name);
      if (seen?.isDirectory() !== true) continue;
      const each = held.openFolder(name, seen);
      try {
        const record = verifyHeldIfAny(each, options, kept);
        if (record !== undefined) records.push(record);
      } finally {
        each.close();
      }
    }
    return records;
  } finally {
    held.close();
  }
}

/**
 * Reads records as {@link gatherRecords} does, and refuses a folder without any: delivering nothing must not pass for having
 * nothing new.
 * @throws BootCaseError `no-records`; as {@link gatherRecords}
 */
export async function requireRecords(
  folder: string,
  options: VerifyRecordOptions = {},
): Promise<VerifiedRecord[]> {
  return requireKept(folder, options);
}

/**
 * Does what {@link requireRecords} does.
 * @param kept is given the files of each record, as they were read
 * @throws as {@link requireRecords} @internal
 */
export async function requireKept(
  folder: string,
  options: VerifyRecordOptions,
  kept?: KeptFiles,
): Promise<VerifiedRecord[]> {
  const records = await gather(folder, options, kept);
  if (records.length > 0) return records;
  throw new BootCaseError('no-records', `${folder}: holds no record`, {
    fix: 'name the folder that run was given as --output-dir, with the folders of its cases',
  });
}
