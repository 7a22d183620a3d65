// SPDX-License-Identifier: Apache-2.0
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { instrument } from './instrument.js';
import { beginTrace, traced } from './trace.js';

/** Every form of code that is written into: branches with and without braces, choices, functions of all kinds. */
const SOURCE = `
import type { Nothing } from './nothing.js';
type Choice<T> = T extends string ? 'a' : 'b';
interface Shape { readonly x: number }
export const double = (x: number) => x * 2;
export const wrap = (x: number) => ({ x }) as const;
export function sign(x: number): string {
  if (x === 0) return 'zero';
  else if (x < 0) return 'minus';
  return x > 100 ? 'large' : 'plus';
}
function* upTo(end: number) {
  for (let at = 0; at < end; at++) yield at;
}
class Counter {
  readonly #start: number;
  constructor(start: number) { this.#start = start; }
  get next() { return this.#start + 1; }
  static of = (start = 1 === 1 ? 5 : 6) => new Counter(start);
}
export function all(x: number): unknown[] {
  const out: unknown[] = [];
  for (const at of upTo(x)) if (at % 2 === 0) out.push(at); else continue;
  let left = x;
  do left--; while (left > 0);
  while (left < 2) left++;
  outer: for (;;) { for (;;) break outer; }
  switch (x) {
    case 1:
    case 2: out.push('few'); break;
    default: out.push('many');
  }
  try { if (x !== 3) throw new Error('e'); out.push('three'); } catch (error) { out.push(String(error)); } finally { out.push('end'); }
  const named: Shape | undefined = x > 1 ? { x } : undefined;
  out.push(named?.x ?? 'none', typeof x === 'number' && x === 2, x !== 2 || undefined, !(x === 4), Counter.of(x).next);
  out.push([1, 2].map((y) => (y === x ? y : -y)), ((a = x === 1 ? 7 : 8) => a)());
  return out;
}
`;

type Run = { all(x: number): unknown[]; sign(x: number): string; wrap(x: number): object };

function load(code: string): Run {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported = {};
  new Function('exports', outputText)(exported);
  return exported as Run;
}

const made = instrument('a.ts', SOURCE, 0);
const [plain, counted] = [load(SOURCE), load(made.code)];

describe('instrument', () => {
  it('instrumented code does what it did', () => {
    beginTrace(1e6);
    for (const x of [0, 1, 2, 3, 4, -5, 101]) {
      expect(counted.all(Math.abs(x))).toEqual(plain.all(Math.abs(x)));
      expect(counted.sign(x)).toBe(plain.sign(x));
      expect(counted.wrap(x)).toEqual(plain.wrap(x));
    }
  });

  it('a branch is counted where it is taken, and nowhere else', () => {
    const takenFor = (x: number) => {
      beginTrace(1e6);
      counted.sign(x);
      return [...traced().touched];
    };
    const ways = [0, -1, 1, 101].map(takenFor);
    expect(new Set(ways.map(String)).size).toBe(4);
    const [begin] = ways.map(([first]) => first);
    expect(ways.every(([first]) => first === begin)).toBe(true);
    expect(made.functions).toContainEqual(['a.ts#sign', begin]);
  });

  it('values that differ are kept', () => {
    beginTrace(1e6);
    counted.sign(7);
    expect(traced().pairs).toEqual([[7, 0]]);
  });

  it('work beyond the bound is stopped, and is told also where the code catches that', () => {
    beginTrace(10);
    expect(() => counted.all(1000)).toThrow('more than 10 steps');
    expect(traced().isTooMuch).toBe(true);
  });
});
