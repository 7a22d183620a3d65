// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX, SEED_SENTINEL } from '@latticra/boot-seed';
import { serialLines } from '@latticra/vm-run';
import { readRecorded } from '../../check-file.js';
import { refusal } from '../../error.js';
import type { RecordedFile } from '../../recorded-file.js';
import type { LoadedEvidence } from '../load.js';

/** As much of a log as vm-run keeps. */
const MAX_LOG_BYTES = 4 << 20;

/**
 * Whether a serial log of a record is the one that was recorded, and shows what the kernel of the image says when it
 * runs: the sentinel and the build id, each on one line of its own, and no other build id. What a terminal would not
 * show as text, as inside an escape sequence, does not count.
 * @param field of the log, without `_path` and `_sha256`
 * @param kernelBuildId read from the kernel in the image
 * @throws BootPreviewError `edited-log`, `no-sentinel`, `replayed-log`, `path-escape`
 */
export async function checkLog(
  record: LoadedEvidence,
  field: string,
  log: RecordedFile,
  kernelBuildId: string,
): Promise<void> {
  const bytes = await readRecorded(record, field, log, { maxBytes: MAX_LOG_BYTES, code: 'edited-log' });
  const lines = serialLines(bytes);
  const sentinels = lines.filter((line) => line === SEED_SENTINEL);
  if (sentinels.length === 0) {
    throw refusal('no-sentinel', record.path, `${field}_path`, `no line ${SEED_SENTINEL} in the log`, {
      fix: 'capture the boot again, and see how far the loader got',
    });
  }
  const ids = lines.filter((line) => line.startsWith(SEED_BUILD_ID_PREFIX));
  const other = ids.find((line) => line !== SEED_BUILD_ID_PREFIX + kernelBuildId);
  if (other !== undefined || ids.length !== 1 || sentinels.length !== 1) {
    const found = other?.slice(SEED_BUILD_ID_PREFIX.length) ?? `it ${ids.length} times`;
    throw replayed(record, `${field}_path`, kernelBuildId, found);
  }
}

/** @throws BootPreviewError `replayed-log` unless the record says to be of the build that the image is of */
export function checkBuildId(record: LoadedEvidence, kernelBuildId: string): void {
  const { buildId } = record.evidence;
  if (buildId !== kernelBuildId) throw replayed(record, 'build_id', kernelBuildId, buildId);
}

const replayed = ({ path }: LoadedEvidence, field: string, expected: string, found: string) =>
  refusal('replayed-log', path, field, `expected build id ${expected} once, found ${found}`, {
    fix: 'capture the boot of this very image',
  });
