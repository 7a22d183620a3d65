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
import { damaged } from '../error.js';
import { BUNDLE_FILE } from '../names.js';

const { bootRecords } = BUNDLE_FILE;

/** Returns the name in a bundle of the folder of a record with that digest. */
export const recordFolder = (sha256: string): string => `${bootRecords}/${sha256}`;

/** Returns the names of a record's files in a bundle, each with its digest. */
export function bundledFiles(
  record: Pick<VerifiedRecord, 'record' | 'sha256' | 'signature'>,
): [name: string, sha256: string][] {
  return recordFiles(record).map(({ name, sha256 }) => [`${recordFolder(record.sha256)}/${name}`, sha256]);
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
