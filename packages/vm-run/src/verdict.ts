// SPDX-License-Identifier: Apache-2.0
import type { Expectation, RefusalExpectation } from './expectation.js';
import type { BootFacts, UsedFile } from './facts.js';
import { logProblem } from './log-problem.js';
import { describeEnd } from './observation.js';
import { type BootProblem, quote, shownTexts } from './problem.js';
import { isRefusalLine } from './refusal.js';
import { wantedLines } from './shown.js';

/** The judgement on a boot. */
export type BootVerdict =
  | { readonly outcome: 'booted' | 'refused' }
  | ({ readonly outcome: 'failed' } & BootProblem);

/**
 * Judges a boot; nothing else decides what counts. Image and firmware have to be untouched first, whatever the log
 * says. A last line that was never ended cannot show a line that is wanted, but counts against the boot: a second
 * boot that was cut off is still a second boot.
 * @throws VmRunError `bad-pattern` for an expectation that is none; nothing for any facts
 */
export function bootVerdict(facts: BootFacts, expectation: Expectation): BootVerdict {
  const problem =
    findChanged(facts.files) ??
    (expectation.kind === 'boot' ? logProblem(facts, expectation) : refusalProblem(facts, expectation));
  if (problem !== undefined) return { outcome: 'failed', ...problem };
  return { outcome: expectation.kind === 'boot' ? 'booted' : 'refused' };
}

function findChanged(files: readonly UsedFile[]): BootProblem | undefined {
  const changed = files.find(({ before, after }) => before !== after);
  if (changed === undefined) return undefined;
  const { what, path, before = 'nothing', after = 'nothing' } = changed;
  const name = path === undefined ? `the ${what}` : `the ${what} ${path}`;
  return { code: `${what}-changed`, reason: `${name} changed during the run: ${before} became ${after}` };
}

/**
 * Returns why a boot is no refusal: the run has to have been stopped at the firmware's line, and nothing of the image
 * to have run.
 */
function refusalProblem(
  facts: BootFacts,
  { neverStarted, unseen }: RefusalExpectation,
): BootProblem | undefined {
  const { end, firmware, log } = facts;
  if (end === undefined) return { code: 'end-unknown', reason: 'nothing tells how the machine ended' };
  const isRefused = end.kind === 'stopped' && isRefusalLine(end.line) && log.lines.includes(end.line);
  if (firmware !== 'uefi' || !isRefused) {
    const reason = `the machine ${describeEnd(end)}, expected UEFI firmware to refuse the image`;
    return { code: 'not-refused', reason };
  }
  const wanted = unseen === undefined ? [] : wantedLines(unseen);
  const ran = shownTexts(log).find(
    (line) =>
      neverStarted.some((beginning) => line.startsWith(beginning)) ||
      wanted.some(({ shownBy }) => shownBy(line)),
  );
  if (ran === undefined) return undefined;
  return { code: 'not-refused', line: ran, reason: `the image ran all the same, and wrote ${quote(ran)}` };
}
