// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { isRefusalLine } from '@latticra/vm-run';
import type { BootRecord, Verdict } from './record.js';

/**
 * What the facts of a record and its log come to. Whether that is what was wanted is another question: an unsigned
 * loader that boots under secure boot has `booted`.
 * @param lines of the serial log, see `serialLines`
 */
export function judge(record: BootRecord, lines: readonly string[]): Verdict {
  const failed = (reason: string): Verdict => ({ outcome: 'failed', reason });
  const { evidence, endKind, endCode } = record;
  if (record.imageBefore !== record.imageAfter) return failed('the image changed during the run');
  if (!isDeepStrictEqual(record.firmwareBefore, record.firmwareAfter)) {
    return failed('the firmware changed during the run');
  }
  const missing = evidence.lines.find((line) => !lines.includes(line));
  if (missing === undefined) {
    const isDone = evidence.exitCode === undefined ? endKind === 'stopped' : endCode === evidence.exitCode;
    if (isDone) return { outcome: 'booted', reason: undefined };
    const wanted = evidence.exitCode === undefined ? 'the last line' : `exit code ${evidence.exitCode}`;
    return failed(`the machine ${record.end}, expected it to end with ${wanted}`);
  }
  const isRefused =
    endKind === 'stopped' &&
    lines.some(isRefusalLine) &&
    !lines.some((line) => evidence.lines.includes(line));
  if (isRefused) return { outcome: 'refused', reason: undefined };
  return failed(`no line ${JSON.stringify(missing)} on the serial console; the machine ${record.end}`);
}
