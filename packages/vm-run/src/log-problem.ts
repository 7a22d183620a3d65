// SPDX-License-Identifier: Apache-2.0
import type { BootExpectation } from './expectation.js';
import type { BootFacts } from './facts.js';
import { forbiddenIn } from './forbidden.js';
import { bootMarks, buildIdsIn, buildIdWord } from './kernel-line.js';
import { describeEnd } from './observation.js';
import { type BootProblem, quote, shownTexts } from './problem.js';
import type { SerialText } from './serial.js';
import { endsAtPrompt, wantedLines } from './shown.js';

/** Something that a log lacks, and its name in a sentence. */
interface Missing {
  readonly text: string;
  readonly name: string;
}

/**
 * Finds the first thing for which log and end are not those of the boot that was expected: what must never be said, the end, a
 * second boot, another build, what is missing.
 */
export function logProblem(facts: BootFacts, expectation: BootExpectation): BootProblem | undefined {
  const shown = shownTexts(facts.log);
  const missing = missingIn(facts.log, expectation);
  return (
    forbiddenProblem(shown, expectation) ??
    endProblem(facts, expectation, missing) ??
    secondBootProblem(shown) ??
    otherBuildProblem(shown, expectation) ??
    doubledProblem(shown, expectation) ??
    (missing && {
      code: 'missing-line',
      line: missing.text,
      reason: `no ${missing.name} on the serial console`,
    })
  );
}

function forbiddenProblem(
  shown: readonly string[],
  { forbidden, forbidServices = false }: BootExpectation,
): BootProblem | undefined {
  const bad = shown.find(forbiddenIn(forbidden, forbidServices));
  if (bad === undefined) return undefined;
  return {
    code: 'forbidden-line',
    line: bad,
    reason: `the serial console has ${quote(bad)}, which is forbidden`,
  };
}

function missingIn(log: SerialText, expectation: BootExpectation): Missing | undefined {
  const missing = wantedLines(expectation).find(({ shownBy }) => !log.lines.some(shownBy));
  if (missing !== undefined) return { text: missing.text, name: `${missing.what} ${quote(missing.text)}` };
  const { prompt } = expectation;
  if (prompt === undefined || endsAtPrompt(log, prompt)) return undefined;
  return { text: prompt, name: `prompt ${quote(prompt)} at the end` };
}

function endProblem(
  { end, log }: BootFacts,
  expectation: BootExpectation,
  missing: Missing | undefined,
): BootProblem | undefined {
  const expected = expectation.end;
  if (expected === undefined) return undefined;
  if (end === undefined) return { code: 'end-unknown', reason: 'nothing tells how the machine ended' };
  if (expected.kind === 'exit') {
    if (end.kind === 'exit' && end.code === expected.code) return undefined;
  } else if (end.kind === 'stopped' && stopsOf(expectation).includes(end.line)) return undefined;
  const wanted =
    expected.kind === 'exit'
      ? `exit code ${expected.code}`
      : `it to reach ${quote(missing?.text ?? stopsOf(expectation).at(-1) ?? '')}`;
  const seen = end.kind === 'timeout' ? `; ${lastSeen(log, expectation)}` : '';
  return {
    code: end.kind === 'exit' ? 'exit-code' : end.kind,
    reason: `the machine ${describeEnd(end)}, expected ${wanted}${seen}`,
  };
}

/** Returns the texts at which a run is stopped. */
function stopsOf(expectation: BootExpectation): readonly string[] {
  const { end, prompt } = expectation;
  if (end?.kind === 'stopped' && end.at !== undefined) return end.at;
  const texts = wantedLines(expectation).map(({ text }) => text);
  return prompt === undefined ? texts : [prompt];
}

/** Says what a machine wrote last that ran out of time; where nothing is known of the system, also what it may lack. */
function lastSeen({ lines, rest }: SerialText, { reserved }: BootExpectation): string {
  const last = [...lines, rest].findLast((line) => line.trim() !== '');
  if (last !== undefined) return `last seen was ${quote(last)}`;
  const hint = reserved.length > 0 ? '' : ' (Linux writes to it with console=ttyS0 on its command line)';
  return `the serial console was silent all the time${hint}`;
}

function secondBootProblem(shown: readonly string[]): BootProblem | undefined {
  const twice = bootMarks(shown).find(({ count }) => count > 1);
  if (twice === undefined) return undefined;
  const { mark, count } = twice;
  return {
    code: 'replayed',
    reason: `${count} times ${quote(mark)} on the serial console, which one boot writes once`,
  };
}

function otherBuildProblem(
  shown: readonly string[],
  { lines, reserved, buildId }: BootExpectation,
): BootProblem | undefined {
  const foreign = buildId && shown.find((line) => buildIdsIn(line).some((id) => id !== buildId));
  if (buildId !== undefined && foreign !== undefined) {
    const reason = `expected the build ${quote(buildIdWord(buildId))}, the log has ${quote(foreign)}`;
    return { code: 'replayed', line: foreign, reason };
  }
  for (const beginning of reserved) {
    const other = shown.find((line) => line.startsWith(beginning) && !lines.includes(line));
    if (other === undefined) continue;
    const alone = lines.filter((line) => line.startsWith(beginning)).map(quote);
    const wanted = alone.length > 0 ? `the line ${alone.join(' or ')}` : `no line ${quote(beginning)}…`;
    return { code: 'replayed', line: other, reason: `expected ${wanted}, the log has ${quote(other)}` };
  }
  return undefined;
}

function doubledProblem(shown: readonly string[], { lines }: BootExpectation): BootProblem | undefined {
  const doubled = lines.find((line) => shown.indexOf(line) !== shown.lastIndexOf(line));
  if (doubled === undefined) return undefined;
  const count = shown.filter((line) => line === doubled).length;
  const reason = `${count} lines ${quote(doubled)} on the serial console, expected one`;
  return { code: 'replayed', line: doubled, reason };
}
