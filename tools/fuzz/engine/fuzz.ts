// SPDX-License-Identifier: Apache-2.0
import { traced } from '../trace/trace.js';
import { meetComparison } from './compared.js';
import { blowUp } from './edits.js';
import { judge, type Outcome } from './judge.js';
import { minimise } from './minimise.js';
import { mutate } from './mutate.js';
import { createRandom, type Random } from './random.js';
import type { FuzzTarget } from './target.js';

/** How long to go on, and from where. */
export interface FuzzOptions {
  readonly seed: number;
  /** Further sound inputs, such as files of real tools. */
  readonly seeds?: readonly Uint8Array[];
  /** Called before each run; returns false to end. */
  readonly before: (bytes: Uint8Array) => boolean;
}

/** A fault, and the smallest input that was found for it. */
export interface Finding {
  readonly fault: string;
  readonly stack: string;
  readonly bytes: Uint8Array;
}

/** What came of it. */
export interface FuzzResult {
  readonly runs: number;
  /** Branches that were taken. */
  readonly branches: ReadonlySet<number>;
  /** Those of them that the sound inputs take, before any is mutated. */
  readonly soundBranches: ReadonlySet<number>;
  /** Inputs that each showed something new. */
  readonly corpus: number;
  readonly findings: readonly Finding[];
}

/** Mutations of one input before the next is chosen. */
const BATCH = 24;
/** Runs from one large input to the next. */
const LARGE_EVERY = 1000;
/** Inputs grow to twice the largest of the corpus that was given, and at least to this. */
const LEAST_MAX = 8192;

/** How often a branch was taken, roughly: one bit for each of eight classes. */
const classOf = (count: number) => 1 << Math.min(7, 32 - Math.clz32(count));

/** Mutates inputs, keeps those that go where none went before, and goes on from these. */
export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<FuzzResult> {
  const random = createRandom(options.seed);
  const seen = new Uint8Array(1 << 16);
  const branches = new Set<number>();
  const corpus: Uint8Array[] = [];
  const faults = new Map<string, Finding>();
  const words = (target.words ?? []).map((word) =>
    Buffer.from(word, /[^\0-\xff]/.test(word) ? 'utf8' : 'latin1'),
  );
  let runs = 0;
  let isOver = false;
  let nextLarge = LARGE_EVERY;

  const given = [...(await target.seeds()), ...(options.seeds ?? [])];
  const maxBytes = Math.max(LEAST_MAX, ...given.map(({ length }) => 2 * length));

  const isNew = () => {
    let found = false;
    const { touched, counts } = traced();
    for (const index of touched) {
      const bit = classOf(counts[index] as number);
      if (((seen[index] as number) & bit) !== 0) continue;
      seen[index] = (seen[index] as number) | bit;
      branches.add(index);
      found = true;
    }
    return found;
  };
  const tryOne = (bytes: Uint8Array) => {
    isOver = !options.before(bytes);
    runs++;
    return judge(target, bytes);
  };
  const run = async (bytes: Uint8Array): Promise<Outcome> => {
    const outcome = await tryOne(bytes);
    if (isNew() && bytes.length <= maxBytes) corpus.push(bytes);
    const { fault, error } = outcome;
    if (fault !== undefined && !faults.has(fault)) {
      const stack = error instanceof Error ? (error.stack ?? '') : String(error);
      faults.set(fault, { fault, stack, bytes });
      const small = await minimise(bytes, async (smaller) => (await tryOne(smaller)).fault === fault);
      faults.set(fault, { fault, stack, bytes: small });
    }
    return outcome;
  };

  for (const bytes of given) await run(bytes);
  const soundBranches = new Set(branches);
  while (!isOver) {
    const parent = choose(corpus, random);
    const { ranges, pairs } = await run(parent);
    const known = [...pairs];
    for (let done = 0; done < BATCH && !isOver; done++) {
      const other = random.pick(corpus);
      const material = { random, ranges, other, words, maxBytes };
      if (runs >= nextLarge) {
        nextLarge = runs + LARGE_EVERY;
        await run(blowUp(Buffer.from(parent), material));
      }
      let bytes = mutate(parent, known, material);
      let { pairs: differing } = await run(bytes);
      // What a change broke, such as a checksum, is often what was compared last.
      while (differing.length > 0 && random.below(2) === 0 && !isOver) {
        const pair = random.below(2) === 0 ? differing.slice(-1) : differing;
        const mended = meetComparison(bytes, pair, random, maxBytes);
        if (mended === bytes) break;
        bytes = mended;
        ({ pairs: differing } = await run(bytes));
      }
    }
  }
  return { runs, branches, soundBranches, corpus: corpus.length, findings: [...faults.values()] };
}

/** Chooses an input to go on from: half of the time one of the latest, and small ones rather than large ones. */
function choose(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  const from = random.below(2) === 0 ? Math.floor(corpus.length * 0.75) : 0;
  const draw = () => corpus[from + random.below(corpus.length - from)] as Uint8Array;
  const [one, other] = [draw(), draw()];
  return one.length <= other.length || random.below(4) === 0 ? one : other;
}
