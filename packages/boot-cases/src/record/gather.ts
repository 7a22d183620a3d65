// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HeldFileError } from '@latticra/held-files';
import { RECORD_FILE } from './record.js';
import { type VerifiedRecord, verifyRecord } from './verify.js';

/**
 * Every record in the folders of `folder`, verified, in the order of their names.
 * @throws HeldFileError `not-found` where there is no such folder; as `verifyRecord` for the first that does not hold
 */
export async function gatherRecords(folder: string): Promise<VerifiedRecord[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'not-found' : 'unreadable';
    throw new HeldFileError(code, folder, `cannot be listed: ${cause.message}`, { cause });
  });
  const names = entries
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, RECORD_FILE)))
    .map(({ name }) => name)
    .sort();
  const records: VerifiedRecord[] = [];
  for (const name of names) records.push(verifyRecord(join(folder, name)));
  return records;
}
