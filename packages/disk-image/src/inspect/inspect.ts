// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import { peek } from './bytes.js';
import { FindingsCollector } from './findings.js';
import type { Found, Inspection } from './inspection.js';
import { limitReads } from './limit.js';
import { BINARY_STEPS, HEAD, LAST_STEPS, type Step } from './steps.js';

/** Bytes that are read of any file, everything taken together. */
const MAX_READ = 1 << 30;
/** The longest sentence of a finding; names inside a file may be as long as it likes. */
const MAX_SENTENCE = 1000;
/** The most findings of a kind that are kept; the last of them says how many more there were. */
const MAX_FINDINGS = 100;

/**
 * Says what a file is, by its content alone, and what is known of such a file. A file that contradicts its format
 * has `problems`; what is there and was not read is in `unread`, and never sound. Reads a bounded part of any file
 * and ends on any bytes.
 * @throws what reading the source throws beside an ImageError: nothing is wrong with the file then
 */
export function inspect(file: ByteSource): Inspection {
  const source = limitReads(file, MAX_READ);
  const head = peek(source, 0, HEAD);
  const fitting = BINARY_STEPS.filter(({ is }) => is(source, head));
  const [first, ...others] = fitting.length > 0 ? fitting : LAST_STEPS.filter(({ is }) => is(source, head));
  const findings = new FindingsCollector();
  const found = first && read(first, source, findings);
  return {
    ...(found ?? { kind: 'unknown', facts: undefined }),
    size: source.size,
    also: fitting.length > 0 ? others.map(({ kind }) => kind) : [],
    problems: capped(
      findings.problems,
      (problem) => ({ ...problem, message: shortened(problem.message) }),
      (more) => ({
        code: 'corrupt',
        message: `${more} more problems`,
      }),
    ),
    unread: capped(findings.unread, shortened, (more) => `${more} more things`),
  };
}

function read(step: Step, source: ByteSource, findings: FindingsCollector): Found | undefined {
  const found = findings.attempt(() => step.read(source, findings));
  return found ?? step.unreadable;
}

const shortened = (text: string) => (text.length > MAX_SENTENCE ? `${text.slice(0, MAX_SENTENCE)}…` : text);

function capped<T>(items: readonly T[], map: (item: T) => T, rest: (more: number) => T): T[] {
  const kept = items.slice(0, items.length > MAX_FINDINGS ? MAX_FINDINGS - 1 : MAX_FINDINGS).map(map);
  return kept.length < items.length ? [...kept, rest(items.length - kept.length)] : kept;
}
