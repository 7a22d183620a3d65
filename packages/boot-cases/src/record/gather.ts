// SPDX-License-Identifier: Apache-2.0
import { openAnchor } from '@latticra/held-files/anchor';
import { RECORD_FILE } from './record.js';
import { type VerifiedRecord, verifyHeld } from './verify.js';

/**
 * Reads and verifies every record in the folders of `folder`, in the order of their names. Skips a folder without a
 * record, but not one that it cannot look into.
 * @throws HeldFileError `not-found` where there is no such folder; as `verifyRecord` for the first that does not hold
 */
export async function gatherRecords(folder: string): Promise<VerifiedRecord[]> {
  const held = openAnchor(folder);
  try {
    const records: VerifiedRecord[] = [];
    for (const name of held.list().names) {
      if (held.lstat(name)?.isDirectory() !== true) continue;
      const each = held.openFolder(name);
      try {
        if (each.lstat(RECORD_FILE) !== undefined) records.push(verifyHeld(each));
      } finally {
        each.close();
      }
    }
    return records;
  } finally {
    held.close();
  }
}
