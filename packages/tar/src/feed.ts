// SPDX-License-Identifier: Apache-2.0

/** What a reader of a format needs next: that many bytes, at least one. */
export interface Demand {
  readonly bytes: number;
  /** To keep and look at all together; to pass over; or to show piece by piece as they come. */
  readonly to: 'keep' | 'skip' | ((piece: Uint8Array) => void);
}

/** What it gets. Something is missing only where the input ended. */
export interface Supply {
  /** What was to be kept, or as much of it as there was; empty otherwise. */
  readonly bytes: Uint8Array;
  /** How many bytes too few. */
  readonly missing: number;
}

/** A reader of a format, written as if it could read: it yields what it needs and is given that. */
export type Reader<Result> = Generator<Demand, Result, Supply>;

/** Bytes in, in pieces of any length; what the reader came to, in the end. */
export interface Feed<Result> {
  push(bytes: Uint8Array): void;
  /** Returns how many of the bytes that come next nobody looks at: whoever can seek tells `skip` of them instead. */
  ahead(): number;
  /** Passes over as many bytes, at most as many as `ahead` returns. */
  skip(bytes: number): void;
  end(): Result;
}

const NOTHING = new Uint8Array(0);

/** Feeds a reader; what it throws comes out of the push or end that it threw in. */
export function createFeed<Result>(reader: Reader<Result>): Feed<Result> {
  let step = reader.next();
  /** How much of the demand was met, and what of it was to be kept while it came in more than one piece. */
  let met = 0;
  let kept: Buffer | undefined;
  const supply = (bytes: Uint8Array, missing: number) => {
    met = 0;
    kept = undefined;
    step = reader.next({ bytes, missing });
  };
  return {
    push(bytes) {
      for (let at = 0; at < bytes.length && step.done !== true; ) {
        const { bytes: wanted, to } = step.value;
        if (to === 'skip') {
          const length = Math.min(wanted - met, bytes.length - at);
          at += length;
          met += length;
          if (met === wanted) supply(NOTHING, 0);
          continue;
        }
        const part = bytes.subarray(at, at + wanted - met);
        at += part.length;
        if (typeof to === 'function') to(part);
        if (to === 'keep' && part.length === wanted) {
          supply(part, 0);
          continue;
        }
        if (to === 'keep') {
          kept ??= Buffer.alloc(wanted);
          kept.set(part, met);
        }
        met += part.length;
        if (met === wanted) supply(kept ?? NOTHING, 0);
      }
    },
    ahead: () => (step.done !== true && step.value.to === 'skip' ? step.value.bytes - met : 0),
    skip(bytes) {
      if (step.done === true || step.value.to !== 'skip' || bytes > step.value.bytes - met)
        throw new RangeError(`${bytes} bytes that are looked at are not skipped`);
      met += bytes;
      if (met === step.value.bytes) supply(NOTHING, 0);
    },
    end() {
      while (step.done !== true) supply(kept?.subarray(0, met) ?? NOTHING, step.value.bytes - met);
      return step.value;
    },
  };
}
