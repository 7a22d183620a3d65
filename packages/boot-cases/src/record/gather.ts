// SPDX-License-Identifier: Apache-2.0
import { type AnchoredFolder, type Name, openAnchor } from '@latticra/held-files/anchor';
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
      const record = verifyNamed(held, name, options, kept);
      if (record !== undefined) records.push(record);
    }
    return records;
  } finally {
    held.close();
  }
}

/**
 * Verifies the record in one of the folders of a folder that is held; returns undefined for what is no folder, or has no record.
 * @param kept is given its files, as they were read
 * @throws as `verifyRecord` @internal
 */
export function verifyNamed(
  held: AnchoredFolder,
  name: Name,
  options: VerifyRecordOptions,
  kept?: KeptFiles,
): VerifiedRecord | undefined {
  const seen = held.lstat(name);
  if (seen?.isDirectory() !== true) return undefined;
  const each = held.openFolder(name, seen);
  try {
    return verifyHeldIfAny(each, options, kept);
  } finally {
    each.close();
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
  return requireKeptRecords(folder, options);
}

/**
 * Does what {@link requireRecords} does.
 * @param kept is given the files of each, as they were read
 * @internal
 */
export async function requireKeptRecords(
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
