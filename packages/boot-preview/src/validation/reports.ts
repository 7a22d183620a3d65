// SPDX-License-Identifier: Apache-2.0
import { MAX_DOCUMENT_BYTES, parseDocument } from '@latticra/evidence-format';
import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import { checkFile, readRecorded } from '../files/check.js';

/** The title of the report that a capture makes before it boots anything. */
const PREFLIGHT_TITLE = 'SEABIOS GRUB BOOT PREVIEW PREFLIGHT';

/**
 * Refuses a record of which a file beside the log is not what was recorded: the preflight report, the way to the console,
 * both recovery texts, and what QEMU printed.
 * @throws BootPreviewError `mismatch`, `record`, `path-escape`; EvidenceError for a report that is no document
 */
export async function checkReports(record: HeldEvidence): Promise<void> {
  const { files } = record.evidence;
  const preflight = await readRecorded(record, 'preflight_report', files.preflightReport, {
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  const { title } = parseDocument(preflight);
  if (title !== PREFLIGHT_TITLE) {
    throw refusal(
      'record',
      record.path,
      'preflight_report_path',
      `expected a ${PREFLIGHT_TITLE}, found ${title}`,
    );
  }
  await checkFile(record, 'operator_console_boot', files.operatorConsoleBoot);
  await checkFile(record, 'operator_recovery', files.operatorRecovery);
  await checkFile(record, 'rollback_or_recovery', files.rollbackOrRecovery);
  await checkFile(record, 'qemu_log', files.qemuLog);
}
