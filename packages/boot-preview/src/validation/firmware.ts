// SPDX-License-Identifier: Apache-2.0
import { HeldFileError, measureFile } from '@latticra/held-files';
import type { HeldEvidence } from '../evidence/load.js';
import { assertDigest } from '../files/check.js';
import type { RecordedFile } from '../files/recorded.js';

/**
 * Refuses a record whose firmware files are no longer the bytes that the machine was started with.
 * @returns one line for each firmware file that this machine does not have, so that nothing can be said of it
 * @throws BootPreviewError `firmware-changed`
 */
export async function checkFirmware(record: Pick<HeldEvidence, 'path' | 'evidence'>): Promise<string[]> {
  const { code, varsTemplate } = record.evidence.firmware;
  const unverifiable: string[] = [];
  const check = async (field: string, file: RecordedFile | undefined) => {
    if (file === undefined) return;
    try {
      const found = await measureFile(file.path);
      assertDigest(record, `${field}_sha256`, file.sha256, found.sha256, 'firmware-changed');
    } catch (error) {
      if (!(error instanceof HeldFileError && error.code === 'not-found')) throw error;
      unverifiable.push(`${field}_path: ${file.path} is not on this machine`);
    }
  };
  await check('firmware_code', code);
  await check('firmware_vars_template', varsTemplate);
  return unverifiable;
}
