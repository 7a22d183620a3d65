// SPDX-License-Identifier: Apache-2.0
import { AttestationError, type Subject, testResultStatement } from '@latticra/attestation';
import {
  distinctRecords,
  isAsExpected,
  requireRecords,
  type VerifyRecordOptions,
} from '@latticra/boot-cases/record';
import type { NamedStatement } from './statements.js';

/**
 * Makes a statement of the boots of each image of which there are records. Each record is verified again.
 * @throws AttestationError `other-subject` where there are none of any; BootCaseError for a record that does not hold
 */
export async function bootStatements(
  folder: string,
  images: readonly Subject[],
  signers: VerifyRecordOptions['signers'],
): Promise<NamedStatement[]> {
  const records = distinctRecords(await requireRecords(folder, { signers }));
  const statements = images.flatMap((image): NamedStatement[] => {
    const own = records.filter(({ record }) => record.imageBefore === image.sha256);
    if (own.length === 0) return [];
    const boots = own.map(({ record, verdict, sha256 }) => ({
      caseName: record.caseName,
      asExpected: isAsExpected(record, verdict),
      recordSha256: sha256,
    }));
    return [{ name: 'boots', statement: testResultStatement(image, boots) }];
  });
  if (statements.length > 0) return statements;
  throw new AttestationError('other-subject', `${folder}: holds no record of a boot of these artifacts`, {
    fix: 'boot them with latticra-boot-matrix, or leave --boot-records out',
  });
}
