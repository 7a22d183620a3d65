// SPDX-License-Identifier: Apache-2.0

import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import { checkFile } from '../files/check.js';
import { checkScreenArgv } from './argv.js';
import { checkLog } from './log.js';

/** The signature of a PNG file (ISO/IEC 15948, 5.2). */
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Refuses a recorded screen that is no PNG, or whose own argv and log are not of a boot of the image. What is in the
 * picture is for people to see; nothing is derived from it.
 * @throws BootPreviewError `record`, and as the checks of argv and log
 */
export async function checkScreen(record: HeldEvidence, kernelBuildId: string): Promise<void> {
  const { screen } = record.evidence;
  if (screen === undefined) return;
  const { head } = await checkFile(record, 'screenshot', screen.screenshot);
  if (!PNG_SIGNATURE.equals(head.subarray(0, PNG_SIGNATURE.length))) {
    throw refusal('record', record.path, 'screenshot_path', 'expected a PNG');
  }
  await checkScreenArgv(record, screen);
  const log = screen.serialLog;
  const hasEnd = log.path === record.evidence.files.serialLog.path;
  await checkLog(record, { field: 'screen_serial_log', log, hasEnd }, kernelBuildId);
}
