// SPDX-License-Identifier: Apache-2.0
import { readSerial } from '@latticra/vm-run';
import type { EvidenceFile } from '../read/content.js';
import type { Evidence } from '../read/evidence.js';

/** The largest log that is read: beyond any that vm-run keeps. */
const MAX_LOG_BYTES = 32 << 20;

/** A serial log as it was shown. */
export interface LogView {
  readonly file: EvidenceFile | undefined;
  /** Whether it is the one that its report names by digest; undefined where it is not in the folder. */
  readonly isNamed: boolean | undefined;
  readonly serial: ReturnType<typeof readSerial> | undefined;
  /** Its lines, those without text left out, with the one that was never ended. */
  readonly lines: readonly string[];
}

/** Reads the serial log of a boot; one that is not there, or is another, has no lines. */
export function readLog(
  { again }: Evidence,
  file: EvidenceFile | undefined,
  sha256: string | undefined,
): LogView {
  const isNamed = file && file.sha256 === sha256;
  if (file === undefined || isNamed !== true || file.size > MAX_LOG_BYTES)
    return { file, isNamed, serial: undefined, lines: [] };
  const serial = readSerial(again(file, MAX_LOG_BYTES));
  const lines = [...serial.lines, serial.rest].filter((line) => line.trim() !== '');
  return { file, isNamed, serial, lines };
}

/**
 * Returns the line that a reason quotes, as the judge of all boots does, and up to two before it; none where the reason is about no
 * line of the log.
 */
export function decisiveLines(lines: readonly string[], reason: string | undefined): readonly string[] {
  if (reason === undefined) return [];
  const index = lines.findLastIndex((line) => line.length < 200 && reason.includes(JSON.stringify(line)));
  return index < 0 ? [] : lines.slice(Math.max(0, index - 2), index + 1);
}
