// SPDX-License-Identifier: Apache-2.0
import { type CodePoints, type Part, PatternProblem } from './syntax.js';

/** One step of an automaton; steps are named by their place in the list. */
export type Step =
  | { readonly kind: 'one'; readonly of: CodePoints; readonly next: number }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'fork'; readonly nexts: readonly number[] }
  | { readonly kind: 'found' };

/** An automaton: it starts at its last step. */
export type Program = readonly Step[];

/**
 * The most steps of an automaton. A line of n characters takes at most n times that, so a log of the largest size seconds
 * at the very most, whatever is in it.
 */
const MAX_STEPS = 256;

/**
 * Compiles a pattern to an automaton without memory, back to front.
 * @throws PatternProblem for one that takes too many steps
 */
export function compile(pattern: Part, maxSteps = MAX_STEPS): Program {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length === maxSteps) throw new PatternProblem(`more than ${maxSteps} steps`);
    return steps.push(step) - 1;
  };
  /** Adds the steps of a part that go on to `next`; returns the first. */
  const build = (part: Part, next: number): number => {
    switch (part.kind) {
      case 'one':
        return add({ kind: 'one', of: part.of, next });
      case 'start':
      case 'end':
        return add({ kind: part.kind, next });
      case 'sequence':
        return part.parts.reduceRight((after, each) => build(each, after), next);
      case 'choice':
        return add({ kind: 'fork', nexts: part.parts.map((each) => build(each, next)) });
      case 'repeat':
        return repeat(part, next);
    }
  };
  const repeat = ({ part, least, most }: Part & { kind: 'repeat' }, next: number): number => {
    let first = next;
    if (most === undefined) {
      // A fork whose way back is known only once the part is there.
      const nexts = [next];
      first = add({ kind: 'fork', nexts });
      nexts.push(build(part, first));
    } else {
      for (let extra = least; extra < most; extra++) {
        first = add({ kind: 'fork', nexts: [build(part, first), next] });
      }
    }
    for (let needed = 0; needed < least; needed++) first = build(part, first);
    return first;
  };
  const start = build(pattern, add({ kind: 'found' }));
  add({ kind: 'fork', nexts: [start] });
  return steps;
}
