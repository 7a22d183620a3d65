// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { EvidenceError } from '@latticra/evidence-format';
import { type FilePlace, measureFile, pathOf, readStableFile } from '@latticra/held-files';
import { PromotionError } from '../error.js';
import { checkTranscript, stamp } from './check.js';
import { readLog } from './log.js';
import { MAX_LOG_BYTES } from './read.js';
import { type Transcript, transcript } from './schema.js';

/** The files that a transcript names, and what the person says. */
export interface RecordOptions {
  readonly log: FilePlace;
  readonly image: FilePlace;
  /** The runbook that was at hand. */
  readonly runbook: FilePlace;
  /** When it began and ended; as the log says where undefined. */
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  readonly said: Omit<Transcript, 'image' | 'recoverySha256' | 'log' | 'startedAt' | 'endedAt'>;
  /** Takes the number of bytes of the image that each step read. */
  readonly onBytes?: (count: number) => void;
}

/**
 * Makes a transcript from a log that was made already: measures the log, the image and the runbook, and holds what the person says
 * against the log. Runs nothing.
 * @throws PromotionError `bad-transcript`, `log-differs`; HeldFileError
 */
export async function recordTranscript(options: RecordOptions): Promise<Transcript> {
  const { log, image, runbook, said, startedAt, endedAt, onBytes } = options;
  const { bytes, size, sha256 } = await readStableFile(log, { maxBytes: MAX_LOG_BYTES });
  const { times } = readLog(bytes);
  const measured = await measureFile(image, onBytes === undefined ? {} : { onBytes });
  const found: Transcript = {
    ...said,
    image: { size: measured.size, sha256: measured.sha256 },
    recoverySha256: (await measureFile(runbook)).sha256,
    startedAt: startedAt ?? timeIn('--started-at', times?.started),
    endedAt: endedAt ?? timeIn('--ended-at', times?.ended),
    log: { path: basename(pathOf(log)), size, sha256 },
  };
  assertWritable(found);
  checkTranscript('transcript', found, bytes);
  return found;
}

function timeIn(flag: string, time: number | undefined): string {
  if (time !== undefined) return stamp(time);
  throw new PromotionError('bad-option', `${flag}: required, for the log does not say when it was made`, {
    fix: 'give the time of UTC, such as 2026-11-28T14:00:00Z, or make the log with script',
  });
}

/** Refuses what is not filled in. @throws PromotionError `bad-transcript` naming the line */
function assertWritable(found: Transcript): void {
  try {
    transcript.format(found);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new PromotionError('bad-transcript', cause.message, {
      cause,
      fix: 'say what is true of the machine and the device, as the system shows it',
    });
  }
}
