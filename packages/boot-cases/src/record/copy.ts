// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { type SmallFile, stageFolder, writeFileAtomic } from '@latticra/held-files';
import { type AnchoredFile, copyHeld, openAnchor } from '@latticra/held-files/anchor';
import { MAX_SIGNATURE_BYTES } from '@latticra/signature';
import { BootCaseError } from '../error.js';
import { asSmallFile } from './kept.js';
import { MAX_FILE_BYTES, recordFiles, type VerifiedRecord, verifyRecord } from './verify.js';

/**
 * Copies a record that was verified, and the files that it names, into the new folder `target`, which appears whole or not at all.
 * The files are reached through the folder of the record, which is held meanwhile; what lies in the copy is verified before it gets
 * its name.
 * @throws BootCaseError `bad-record` where the copy is of another record; HeldFileError, `exists` for a target that is not empty
 */
export async function copyRecord(record: VerifiedRecord, target: string): Promise<void> {
  await stageFolder(target, async (staging) => {
    const held = openAnchor(record.folder);
    try {
      for (const { name } of recordFiles(record)) {
        const file = held.openFile(name);
        try {
          await copyHeld(file, join(staging, name));
        } finally {
          file.close();
        }
      }
    } finally {
      held.close();
    }
    assertSameRecord(verifyRecord(staging), record);
  });
}

/**
 * Reads a record that was verified, and the files that it names, to be put elsewhere: the same bytes as when it was verified.
 * @throws BootCaseError `bad-record` for a file that has other content by now; HeldFileError
 */
export function readRecordFiles(record: VerifiedRecord): SmallFile[] {
  return eachFile(record, record.folder, asSmallFile);
}

/**
 * Holds what lies in a folder against a record that was verified, byte for byte by the digests of all its files: what was derived from
 * them holds of the copy.
 * @throws as {@link readRecordFiles}
 */
export function assertRecordFiles(record: VerifiedRecord, folder: string): void {
  eachFile(record, folder, () => undefined);
}

/** Reads each file of a record in `folder`, holds it against its digest, and returns what `use` makes of it. */
function eachFile<T>(
  record: VerifiedRecord,
  folder: string,
  use: (file: AnchoredFile, name: string, bytes: Uint8Array) => T,
): T[] {
  const held = openAnchor(folder);
  try {
    return recordFiles(record).map(({ name, sha256 }) => {
      const file = held.openFile(name);
      try {
        const bytes = file.bytes(MAX_FILE_BYTES);
        const found = hash('sha256', bytes);
        if (found === sha256) return use(file, name, bytes);
        throw new BootCaseError('bad-record', `${file.path}: has the digest ${found}, expected ${sha256}`, {
          fix: 'let whatever writes it finish, then run this again',
        });
      } finally {
        file.close();
      }
    });
  } finally {
    held.close();
  }
}

/**
 * Puts the signature of a record beside a copy of it that has none, or another one by the same key.
 * @param target folder of the copy
 * @throws HeldFileError; BootCaseError `bad-record` where it is none of the copy
 */
export async function copySignature(record: VerifiedRecord, target: string): Promise<void> {
  const { signature } = record;
  if (signature === undefined) return;
  const held = openAnchor(record.folder);
  try {
    const file = held.openFile(signature.name);
    try {
      await writeFileAtomic(join(target, signature.name), file.bytes(MAX_SIGNATURE_BYTES));
    } finally {
      file.close();
    }
  } finally {
    held.close();
  }
  assertSameRecord(verifyRecord(target), record);
}

/** Refuses a record that is not the expected one. @throws BootCaseError `bad-record` */
export function assertSameRecord(found: VerifiedRecord, expected: VerifiedRecord): VerifiedRecord {
  if (found.sha256 === expected.sha256) return found;
  throw new BootCaseError('bad-record', `${found.folder}: holds another record, ${found.sha256}`, {
    fix: 'remove that folder, or merge into another one',
  });
}
