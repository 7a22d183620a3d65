// SPDX-License-Identifier: Apache-2.0
import { SEED_SENTINEL } from '@latticra/boot-seed';
import { type BootFacts, type BootProblem, bootVerdict, parseEnd, readSerial } from '@latticra/vm-run';
import { type BootPreviewErrorCode, refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import { expectationOf, isSeed } from '../expectation.js';
import { readRecorded } from '../files/check.js';
import type { RecordedFile } from '../files/recorded.js';

/** The limit of a log: as much as vm-run keeps. */
const MAX_LOG_BYTES = 4 << 20;

/** One of a record's logs: that of the boot, or of the second boot that the screen is of. */
export interface RecordedLog {
  /** The name of its two fields, without `_path` and `_sha256`. */
  readonly field: string;
  readonly log: RecordedFile;
  /** Whether the record says how that boot ended, which it does only of the first. */
  readonly hasEnd: boolean;
}

/** The code with which a record is refused for each problem of a boot. */
const CODE: Record<BootProblem['code'], BootPreviewErrorCode> = {
  'image-changed': 'image-changed',
  'firmware-changed': 'firmware-changed',
  'missing-line': 'replayed-log',
  replayed: 'replayed-log',
  'forbidden-line': 'record',
  'exit-code': 'record',
  stopped: 'record',
  timeout: 'record',
  flood: 'record',
  signal: 'record',
  'end-unknown': 'record',
  'not-refused': 'record',
};

/**
 * Refuses a serial log that is not the one that was recorded, or is not of a boot of the kernel in the image; that is for
 * `bootVerdict` to say, as it was when the boot was watched.
 * @param kernelBuildId read from the kernel in the image
 * @throws BootPreviewError `edited-log`, `no-sentinel`, `replayed-log`, `image-changed`, `path-escape`
 */
export async function checkLog(
  record: HeldEvidence,
  { field, log, hasEnd }: RecordedLog,
  kernelBuildId: string,
): Promise<void> {
  const bytes = await readRecorded(record, field, log, { maxBytes: MAX_LOG_BYTES, code: 'edited-log' });
  const expectation = expectationOf(record.evidence.expected, kernelBuildId, hasEnd);
  const verdict = bootVerdict(factsOf(record, bytes, hasEnd), expectation);
  if (verdict.outcome !== 'failed') return;
  const code = codeOf(record, verdict);
  throw refusal(code, record.path, `${field}_path`, verdict.reason, {
    fix:
      code === 'no-sentinel'
        ? 'capture the boot again, and see how far the loader got'
        : 'capture the boot of this very image',
  });
}

function codeOf({ evidence }: HeldEvidence, { code, line }: BootProblem): BootPreviewErrorCode {
  if (code !== 'missing-line') return CODE[code];
  // Of another system nothing tells whether it is the wrong log.
  if (!isSeed(evidence.expected)) return 'record';
  return line === SEED_SENTINEL ? 'no-sentinel' : CODE[code];
}

function factsOf({ evidence }: HeldEvidence, log: Uint8Array, hasEnd: boolean): BootFacts {
  const { profile, imageSha256Before: before, imageSha256After: after } = evidence;
  return {
    log: readSerial(log),
    end: hasEnd ? parseEnd(evidence.end) : undefined,
    firmware: profile.targetFirmware,
    files: [{ what: 'image', before, after }],
  };
}

/** Refuses a record of another build than that of the image. @throws BootPreviewError `replayed-log` */
export function checkBuildId({ evidence, path }: HeldEvidence, kernelBuildId: string): void {
  if (evidence.buildId === kernelBuildId) return;
  const what = `expected build id ${kernelBuildId}, found ${evidence.buildId}`;
  throw refusal('replayed-log', path, 'build_id', what, { fix: 'capture the boot of this very image' });
}
