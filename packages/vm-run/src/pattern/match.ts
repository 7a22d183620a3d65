// SPDX-License-Identifier: Apache-2.0
import { has } from './classes.js';
import type { Program } from './program.js';

/** The ways that are open after some characters. */
interface State {
  /** Steps that wait for a character. */
  readonly waiting: readonly number[];
  /** Whether the pattern was found, whatever follows; and whether it is if nothing does. */
  readonly isFound: boolean;
  readonly isFoundAtEnd: boolean;
  /** The states that were worked out before, by the next code point. */
  readonly next: Map<number, State>;
}

/** The most transitions that are kept; then all are forgotten, so that no guest's line fills the memory. */
const MAX_KEPT = 20_000;

/**
 * Makes the test of whether an automaton finds its pattern anywhere in a line. It follows all ways at once, one character after
 * the other, and never goes back: the time is at most that of the line's length times the number of steps.
 */
export function finderOf(program: Program): (line: string) => boolean {
  const first = program.length - 1;
  let states = new Map<string, State>();
  /** The state before the first character of any line. */
  let start: State | undefined;
  let kept = 0;

  /** Follows what needs no character, from these steps on. */
  const reach = (from: readonly number[], isStart: boolean, isEnd: boolean) => {
    const seen = new Set<number>();
    const waiting: number[] = [];
    let isFound = false;
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const step = program[at];
      if (step === undefined || seen.has(at)) continue;
      seen.add(at);
      if (step.kind === 'found') isFound = true;
      else if (step.kind === 'one') waiting.push(at);
      else if (step.kind === 'fork') open.push(...step.nexts);
      else if (step.kind === 'start' ? isStart : isEnd) open.push(step.next);
    }
    return { waiting: waiting.toSorted((a, b) => a - b), isFound };
  };
  const stateOf = (from: readonly number[], isStart: boolean): State => {
    const { waiting, isFound } = reach(from, isStart, false);
    const isFoundAtEnd = reach(from, isStart, true).isFound;
    const key = `${waiting.join()} ${isFound} ${isFoundAtEnd}`;
    const state = states.get(key) ?? { waiting, isFound, isFoundAtEnd, next: new Map() };
    states.set(key, state);
    return state;
  };
  const follow = (state: State, codePoint: number): State => {
    const known = state.next.get(codePoint);
    if (known !== undefined) return known;
    // The pattern may also begin only here.
    const from = [first];
    for (const at of state.waiting) {
      const step = program[at];
      if (step?.kind === 'one' && has(step.of, codePoint)) from.push(step.next);
    }
    if (++kept > MAX_KEPT) {
      states = new Map();
      start = undefined;
      state.next.clear();
      kept = 0;
    }
    const next = stateOf(from, false);
    state.next.set(codePoint, next);
    return next;
  };

  return (line) => {
    start ??= stateOf([first], true);
    let state = start;
    for (const character of line) {
      if (state.isFound) return true;
      state = follow(state, character.codePointAt(0) ?? 0);
    }
    return state.isFound || state.isFoundAtEnd;
  };
}
