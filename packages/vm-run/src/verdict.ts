// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import type { BootExpectation, Expectation, RefusalExpectation } from './expectation.js';
import type { BootFacts, UsedFile } from './facts.js';
import { describeEnd } from './observation.js';
import { isRefusalLine } from './refusal.js';

/**
 * Why a boot was not what it had to be.
 *
 * - `image-changed`, `firmware-changed`: a file is no longer what the machine was started with.
 * - `forbidden-line`: the log says something that it must never say.
 * - `exit-code`, `stopped`, `timeout`, `flood`, `signal`: how it ended, which is not how it had to; `end-unknown` where
 *   nothing tells.
 * - `replayed`: the log is of more than one boot, or of another build: a line twice, or one like it where only the
 *   expected one may stand.
 * - `missing-line`: the log lacks a line.
 * - `not-refused`: the firmware did not refuse the image.
 */
export type BootFailureCode =
  | 'image-changed'
  | 'firmware-changed'
  | 'forbidden-line'
  | 'exit-code'
  | 'stopped'
  | 'timeout'
  | 'flood'
  | 'signal'
  | 'end-unknown'
  | 'replayed'
  | 'missing-line'
  | 'not-refused';

/** The first fact about a boot that does not hold. */
export interface BootProblem {
  readonly code: BootFailureCode;
  /** The reason for a person, without a path and a full stop. */
  readonly reason: string;
  /** The line that is missing, or should not be there, where the problem is about one. */
  readonly line?: string;
}

/** The judgement on a boot. */
export type BootVerdict =
  | { readonly outcome: 'booted' | 'refused' }
  | ({ readonly outcome: 'failed' } & BootProblem);

/**
 * Judges a boot; nothing else decides what counts. Image and firmware have to be untouched first, whatever the log
 * says. A last line that was never ended cannot show a line that is wanted, but counts against the boot: a second
 * boot that was cut off is still a second boot.
 */
export function bootVerdict(facts: BootFacts, expectation: Expectation): BootVerdict {
  const problem =
    findChanged(facts.files) ??
    (expectation.kind === 'boot' ? bootProblem(facts, expectation) : refusalProblem(facts, expectation));
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

/** Returns every line, the last one also where it was never ended. */
const shownLines = ({ log }: BootFacts) => (log.rest === '' ? log.lines : [...log.lines, log.rest]);

/** The longest part of a line that a reason repeats: a guest can write any number of characters. */
const MAX_QUOTED = 200;

/** Quotes a line for a reason, which has to fit into a document: no guest writes control characters into one. */
const quote = (line: string) =>
  escapeControls(JSON.stringify(line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line));

function bootProblem(facts: BootFacts, expectation: BootExpectation): BootProblem | undefined {
  const { lines, reserved, forbidden } = expectation;
  const shown = shownLines(facts);
  const bad = shown.find((line) => forbidden.some((text) => line.includes(text)));
  if (bad !== undefined) {
    return {
      code: 'forbidden-line',
      line: bad,
      reason: `the serial console has ${quote(bad)}, which is forbidden`,
    };
  }
  const missing = lines.find((line) => !facts.log.lines.includes(line));
  const badEnd = endProblem(facts, expectation, missing);
  if (badEnd !== undefined) return badEnd;
  for (const beginning of reserved) {
    const other = shown.find((line) => line.startsWith(beginning) && !lines.includes(line));
    if (other === undefined) continue;
    const alone = lines.filter((line) => line.startsWith(beginning)).map(quote);
    const wanted = alone.length > 0 ? `the line ${alone.join(' or ')}` : `no line ${quote(beginning)}…`;
    return { code: 'replayed', line: other, reason: `expected ${wanted}, the log has ${quote(other)}` };
  }
  const doubled = lines.find((line) => shown.indexOf(line) !== shown.lastIndexOf(line));
  if (doubled !== undefined) {
    const count = shown.filter((line) => line === doubled).length;
    const reason = `${count} lines ${quote(doubled)} on the serial console, expected one`;
    return { code: 'replayed', line: doubled, reason };
  }
  if (missing === undefined) return undefined;
  return { code: 'missing-line', line: missing, reason: `no line ${quote(missing)} on the serial console` };
}

function endProblem(
  { end }: BootFacts,
  { end: expected }: BootExpectation,
  missing: string | undefined,
): BootProblem | undefined {
  if (expected === undefined) return undefined;
  if (end === undefined) return { code: 'end-unknown', reason: 'nothing tells how the machine ended' };
  const isRight =
    expected.kind === 'exit'
      ? end.kind === 'exit' && end.code === expected.code
      : end.kind === 'stopped' && expected.at.includes(end.line);
  if (isRight) return undefined;
  const wanted =
    expected.kind === 'exit'
      ? `exit code ${expected.code}`
      : `it to reach ${quote(missing ?? expected.at.at(-1) ?? '')}`;
  return {
    code: end.kind === 'exit' ? 'exit-code' : end.kind,
    reason: `the machine ${describeEnd(end)}, expected ${wanted}`,
  };
}

/**
 * Returns why a boot is no refusal: the run has to have been stopped at the firmware's line, and nothing of the image
 * to have run.
 */
function refusalProblem(facts: BootFacts, { neverStarted }: RefusalExpectation): BootProblem | undefined {
  const { end, firmware, log } = facts;
  if (end === undefined) return { code: 'end-unknown', reason: 'nothing tells how the machine ended' };
  const isRefused = end.kind === 'stopped' && isRefusalLine(end.line) && log.lines.includes(end.line);
  if (firmware !== 'uefi' || !isRefused) {
    const reason = `the machine ${describeEnd(end)}, expected UEFI firmware to refuse the image`;
    return { code: 'not-refused', reason };
  }
  const ran = shownLines(facts).find((line) => neverStarted.some((beginning) => line.startsWith(beginning)));
  if (ran === undefined) return undefined;
  return { code: 'not-refused', line: ran, reason: `the image ran all the same, and wrote ${quote(ran)}` };
}
