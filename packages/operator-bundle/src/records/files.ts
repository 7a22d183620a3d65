// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import {
  BootCaseError,
  recordFiles,
  type VerifiedRecord,
  type VerifyRecordOptions,
  verifyRecord,
} from '@latticra/boot-cases/record';
import { HeldFileError } from '@latticra/held-files';
import { openAnchor } from '@latticra/held-files/anchor';
import type { SignerPolicy } from '@latticra/signature';
import { damaged } from '../error.js';
import { BUNDLE_FILE } from '../names.js';

const { bootRecords } = BUNDLE_FILE;

/** Returns whose signatures of records count: a record is signed by its machine, whoever has to have signed the artifacts. */
export const machineSigners = (policy: SignerPolicy): SignerPolicy => ({ ...policy, signer: undefined });

/** Returns the name in a bundle of the folder of a record with that digest. */
export const recordFolder = (sha256: string): string => `${bootRecords}/${sha256}`;

/** Returns the names of a record's files in a bundle, each with its digest. */
export function bundledFiles(
  record: Pick<VerifiedRecord, 'record' | 'sha256' | 'signature'>,
): [name: string, sha256: string][] {
  return recordFiles(record).map(({ name, sha256 }) => [`${recordFolder(record.sha256)}/${name}`, sha256]);
}

/**
 * Lists what lies in the folder of records of a bundle, by its name in the bundle: files of the folders of its records. What lies
 * anywhere else there is listed as it is named, and is no file of a bundle.
 * @param root absolute path of the bundle
 * @throws OperatorBundleError `damaged` for a link; HeldFileError
 */
export function listRecordFiles(root: string): string[] {
  const held = openAnchor(join(root, bootRecords), { label: bootRecords });
  try {
    const names = [...held.list().names];
    // An empty folder is there as well.
    if (names.length === 0) return [bootRecords];
    return names.flatMap((name) => {
      const path = `${bootRecords}/${String(name)}`;
      const seen = held.lstat(name);
      assertNoLink(path, seen);
      if (seen?.isDirectory() !== true) return [path];
      const folder = held.openFolder(name, seen);
      try {
        const files = [...folder.list().names].map((file) => {
          assertNoLink(`${path}/${String(file)}`, folder.lstat(file));
          return `${path}/${String(file)}`;
        });
        return files.length === 0 ? [path] : files;
      } finally {
        folder.close();
      }
    });
  } finally {
    held.close();
  }
}

function assertNoLink(path: string, seen: { isSymbolicLink(): boolean } | undefined): void {
  if (seen?.isSymbolicLink() === true) throw damaged(`${path}: is a link, expected the file itself`);
}

/**
 * Verifies a record that lies in a bundle.
 * @param root absolute path of the bundle
 * @param sha256 digest of the record, 64 hexadecimal digits
 * @param options with `signers`, it has to be signed by one of them
 * @throws OperatorBundleError `damaged` where it does not hold, or is another one; HeldFileError where it cannot be read
 */
export function verifyBundled(
  root: string,
  sha256: string,
  options: VerifyRecordOptions = {},
): VerifiedRecord {
  const name = recordFolder(sha256);
  let record: VerifiedRecord;
  try {
    record = verifyRecord(join(root, name), options);
  } catch (cause) {
    const isRefusal =
      cause instanceof BootCaseError || (cause instanceof HeldFileError && cause.kind !== 'io');
    if (!isRefusal) throw cause;
    throw damaged(`${name}: ${cause.message}`, cause);
  }
  if (record.sha256 !== sha256) throw damaged(`${name}: holds another record, ${record.sha256}`);
  return record;
}
