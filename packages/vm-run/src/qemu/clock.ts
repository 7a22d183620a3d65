// SPDX-License-Identifier: Apache-2.0
import type { PhaseTimes } from '../observation.js';
import { findPhases } from '../phases.js';
import type { SerialText } from '../serial.js';

/** A clock for the parts of a boot, that is shown the log as it grows. It remembers a number a part. */
export interface PhaseClock {
  /** Takes what the log shows at this time. */
  see(log: SerialText, ms: number): void;
  /** Returns the times of the parts, given the whole log; what nobody saw earlier was first seen at the end. */
  times(log: SerialText, end: number): PhaseTimes;
}

/** Makes a clock that was shown nothing yet. */
export function createPhaseClock(): PhaseClock {
  const known = new Map<number, number>();
  let lines = 0;
  let begun: { readonly line: number; readonly ms: number } | undefined;
  const see = ({ lines: shown, rest }: SerialText, ms: number) => {
    // The first line that is new may have begun earlier, when it was not yet whole.
    const timeOf = (line: number) => (begun?.line === line ? begun.ms : ms);
    for (const line of Object.values(findPhases(shown))) {
      if (line >= lines && !known.has(line)) known.set(line, timeOf(line));
    }
    const last = shown.length;
    if (rest === '') begun = undefined;
    else if (begun?.line !== last) begun = { line: last, ms };
    lines = last;
  };
  return {
    see,
    times(log, end) {
      see(log, end);
      const found = findPhases(log.lines);
      const timeOf = (line: number | undefined) =>
        // The log is still looked at while the screen is drawn: what came then, came as the boot ended.
        line === undefined ? undefined : Math.min(known.get(line) ?? end, end);
      return {
        firmware: timeOf(found.firmware),
        loader: timeOf(found.loader),
        kernel: timeOf(found.kernel),
        init: timeOf(found.init),
        end,
      };
    },
  };
}
