// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX, SEED_SENTINEL } from '@latticra/boot-seed';
import { readStableFile } from '@latticra/held-files';
import { serialLines } from '@latticra/vm-run';
import { checkFile } from '../../check-file.js';
import { refusal } from '../../error.js';
import type { LoadedEvidence } from '../load.js';

/** As much of a log as vm-run keeps. */
const MAX_LOG_BYTES = 4 << 20;

const FIELD = 'serial_console_boot_log';

/**
 * Whether the serial log is the one that was recorded, and shows what the kernel of the image says when it runs: the
 * sentinel on a line of its own, and no other build id than the kernel's. What a terminal would not show as text, as
 * inside an escape sequence, does not count.
 * @param kernelBuildId read from the kernel in the image
 * @throws BootPreviewError `edited-log`, `no-sentinel`, `replayed-log`, `path-escape`
 */
export async function checkLog(record: LoadedEvidence, kernelBuildId: string): Promise<void> {
  const { evidence } = record;
  const { path } = await checkFile(record, FIELD, evidence.files.serialLog, { code: 'edited-log' });
  const { bytes } = await readStableFile(path, { maxBytes: MAX_LOG_BYTES });
  const lines = serialLines(bytes);
  const replayed = (field: string, found: string) =>
    refusal('replayed-log', record.path, field, `expected build id ${kernelBuildId}, found ${found}`, {
      fix: 'capture the boot of this very image',
    });
  if (!lines.includes(SEED_SENTINEL)) {
    throw refusal('no-sentinel', record.path, `${FIELD}_path`, `no line ${SEED_SENTINEL} in the log`, {
      fix: 'capture the boot again, and see how far the loader got',
    });
  }
  if (evidence.buildId !== kernelBuildId) throw replayed('build_id', evidence.buildId);
  const ids = lines.filter((line) => line.startsWith(SEED_BUILD_ID_PREFIX));
  const other = ids.find((line) => line !== SEED_BUILD_ID_PREFIX + kernelBuildId);
  if (other !== undefined || ids.length === 0) {
    throw replayed(`${FIELD}_path`, other?.slice(SEED_BUILD_ID_PREFIX.length) ?? 'none in the log');
  }
}
