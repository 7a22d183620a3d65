// SPDX-License-Identifier: Apache-2.0
import type { BootExpectation } from './expectation.js';
import { buildIdWord, hasBuildId, isKernelLineBegun } from './kernel-line.js';
import { linePattern } from './line-pattern.js';
import type { SerialText } from './serial.js';

/** One thing that a whole line of a log has to show. */
export interface Wanted {
  /** The text that stands for it where a run is stopped at it. */
  readonly text: string;
  /** What it is, before that text. */
  readonly what: 'line' | 'line with' | 'line like';
  shownBy(line: string): boolean;
}

/**
 * Returns what whole lines have to show.
 * @throws VmRunError `bad-pattern`
 */
export function wantedLines(expectation: BootExpectation): Wanted[] {
  const { lines, contains = [], patterns = [], buildId } = expectation;
  const wanted: Wanted[] = [];
  for (const text of lines) wanted.push({ text, what: 'line', shownBy: (line) => line === text });
  for (const text of contains)
    wanted.push({ text, what: 'line with', shownBy: (line) => line.includes(text) });
  for (const text of patterns) wanted.push({ text, what: 'line like', shownBy: linePattern(text) });
  if (buildId !== undefined) {
    wanted.push({ text: buildIdWord(buildId), what: 'line with', shownBy: hasId(buildId) });
  }
  return wanted;
}

const hasId = (id: string) => (line: string) => hasBuildId(line, id);

/**
 * Returns whether a log ends at a prompt: its last line was not ended, and ends with that text. Linux writes its messages
 * wherever the cursor is; those that came behind the prompt, be the last cut off, are no part of that line.
 */
export function endsAtPrompt({ lines, rest }: SerialText, prompt: string): boolean {
  if (rest.endsWith(prompt)) return true;
  const texts = rest === '' ? lines : [...lines, rest];
  const last = texts.findLast((text) => !isKernelLineBegun(text)) ?? '';
  const at = last.lastIndexOf(prompt);
  return at >= 0 && isKernelLineBegun(last.slice(at + prompt.length));
}

/** What ends a run that has shown what it had to; each gives the text to say it was stopped at. */
export interface Until {
  /** Is asked once of each whole line, in order. */
  readonly line: (line: string) => string | undefined;
  /** Is asked of the whole log, as often as it grows. */
  readonly log: (log: SerialText) => string | undefined;
}

/**
 * Makes the end of a run whose guest does not end the machine itself: at the line that shows the last of what is expected, or
 * at the prompt behind all of that. Where an exit code is expected nothing ends the run.
 * @throws VmRunError `bad-pattern`
 */
export function untilShown(expectation: BootExpectation): Until {
  const { prompt, end } = expectation;
  const open = new Set(wantedLines(expectation));
  if (end?.kind === 'exit') return { line: () => undefined, log: () => undefined };
  return {
    line(line) {
      let last: string | undefined;
      for (const wanted of open) {
        if (!wanted.shownBy(line)) continue;
        open.delete(wanted);
        last = wanted.text;
      }
      return open.size === 0 && prompt === undefined ? last : undefined;
    },
    log: (log) => (prompt !== undefined && open.size === 0 && endsAtPrompt(log, prompt) ? prompt : undefined),
  };
}
