// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EvidenceDocument, formatDocument } from '@latticra/evidence-format';
import { writeFailure, writeFileAtomic } from '@latticra/held-files';
import { dropSignature, NAMESPACES, type RecordSigner } from '@latticra/signature';

const REPORT_FILE = 'smoke-report.txt';

/**
 * Boots, and leaves the report with its signature in the output folder. Those of an earlier smoke are gone before, so that they
 * never stand for a boot that failed.
 * @throws what `boot` throws; HeldFileError, SignatureError, ToolchainError
 */
export async function keepSigned(
  outputDir: string,
  signer: RecordSigner,
  boot: () => Promise<EvidenceDocument>,
): Promise<EvidenceDocument> {
  const path = join(outputDir, REPORT_FILE);
  await dropSignature(path);
  await rm(path, { force: true }).catch((error: unknown) => {
    throw writeFailure(path, error);
  });
  const report = await boot();
  await writeFileAtomic(path, formatDocument(report));
  await signer.sign(path, NAMESPACES.boot);
  return report;
}
