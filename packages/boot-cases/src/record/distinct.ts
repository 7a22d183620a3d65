// SPDX-License-Identifier: Apache-2.0
import { BootCaseError } from '../error.js';
import type { VerifiedRecord } from './verify.js';

/**
 * Returns each record once, the one that is signed where it came with a signature and without, whatever their order.
 * @throws BootCaseError `bad-record` for one that two keys have signed: a boot was seen by one machine
 */
export function distinctRecords(records: readonly VerifiedRecord[]): VerifiedRecord[] {
  const distinct = new Map<string, VerifiedRecord>();
  for (const record of records) {
    const there = distinct.get(record.sha256);
    distinct.set(record.sha256, there === undefined ? record : betterSigned(there, record));
  }
  return [...distinct.values()];
}

/** Returns the one of two copies of a record whose signature is kept. @throws BootCaseError `bad-record` */
export function betterSigned(one: VerifiedRecord, other: VerifiedRecord): VerifiedRecord {
  if (other.signature === undefined) return one;
  if (one.signature === undefined) return other;
  const [key, second] = [one.signature, other.signature].map(({ signature }) => signature.key.fingerprint);
  if (key !== second) {
    throw new BootCaseError(
      'bad-record',
      `${other.folder}: is signed by the key ${second}, and the same record in ${one.folder} by ${key}`,
      { fix: 'keep the one that the machine signed which booted it' },
    );
  }
  // A key may sign the same twice in other bytes.
  return one.signature.sha256 <= other.signature.sha256 ? one : other;
}
