// SPDX-License-Identifier: Apache-2.0
import { MAX_DOCUMENT_BYTES, parseDocument } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { checkFile } from '../../check-file.js';
import { refusal } from '../../error.js';
import type { LoadedEvidence } from '../load.js';

/** The report that a capture makes before it boots anything. */
const PREFLIGHT_TITLE = 'SEABIOS GRUB BOOT PREVIEW PREFLIGHT';

/** PNG (ISO/IEC 15948), 5.2. */
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Whether everything that lies beside the log is what was recorded: the preflight report, the way to the console, both
 * recovery texts, what QEMU printed, and the screen.
 * @throws BootPreviewError `mismatch`, `record`, `path-escape`; EvidenceError for a report that is no document
 */
export async function checkReports(record: LoadedEvidence): Promise<void> {
  const { files } = record.evidence;
  const preflight = await checkFile(record, 'preflight_report', files.preflightReport);
  const { bytes } = await readStableFile(preflight.path, { maxBytes: MAX_DOCUMENT_BYTES });
  const { title } = parseDocument(bytes);
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
  if (files.screenshot === undefined) return;
  const { head } = await checkFile(record, 'screenshot', files.screenshot);
  if (!PNG_SIGNATURE.equals(head.subarray(0, PNG_SIGNATURE.length))) {
    throw refusal('record', record.path, 'screenshot_path', 'expected a PNG');
  }
}
