// SPDX-License-Identifier: Apache-2.0
import { beginTrace, type Compared, traced } from '../trace/trace.js';
import { countedSource, type ReadRange } from './source.js';
import { type FuzzInput, type FuzzTarget, isRefusal } from './target.js';

/** The work that any input is worth, and that each of its bytes is worth besides. */
const STEPS = { least: 4_000_000, perByte: 2000 };
const READ = { least: 64 << 20, perByte: 256 };
const MADE = { least: 64 << 20, perByte: 1100 };

/** One run of a reader. */
export interface Outcome {
  /** What it did that no reader may do: in one line, the same for the same fault. */
  readonly fault: string | undefined;
  /** The error, with its stack. */
  readonly error: unknown;
  readonly ranges: readonly ReadRange[];
  readonly pairs: readonly Compared[];
}

let made = 0;
let mostMade = Number.POSITIVE_INFINITY;

/** Counts the memory that is asked for by length, from here on, in this thread. */
export function countMemory(): void {
  const note = (bytes: number) => {
    if (!(bytes > 0)) return;
    made += bytes;
    if (bytes > mostMade) throw new Error(`asks for ${bytes} bytes at once`);
  };
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const real = Buffer[name] as (size: number, ...rest: unknown[]) => Buffer;
    Object.assign(Buffer, {
      [name](size: number, ...rest: unknown[]) {
        note(size);
        return real.call(Buffer, size, ...rest);
      },
    });
  }
  globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct(real, args: [unknown], made) {
      if (typeof args[0] === 'number') note(args[0]);
      return Reflect.construct(real, args, made);
    },
  });
}

/** Runs a target on an input, with its work counted. */
export async function judge(target: FuzzTarget, bytes: Uint8Array): Promise<Outcome> {
  const worth = ({ least, perByte }: typeof STEPS) => least + perByte * bytes.length;
  const source = countedSource(bytes, worth(READ));
  const input: FuzzInput = {
    bytes,
    get text() {
      return new TextDecoder().decode(bytes);
    },
    source,
  };
  made = 0;
  mostMade = worth(MADE);
  beginTrace(worth(STEPS));
  let error: unknown;
  let fault: string | undefined;
  try {
    const going = target.run(input);
    if (going instanceof Promise) await going;
  } catch (thrown) {
    error = thrown;
    if (!isRefusal(thrown)) fault = describe(thrown);
  }
  mostMade = Number.POSITIVE_INFINITY;
  if (traced().isTooMuch) fault = 'takes more steps than the input is worth';
  else if (source.isTooMuch()) fault = 'reads more than the input is worth';
  else if (made > 4 * worth(MADE)) fault = 'asks for more memory than the input is worth';
  return { fault, error, ranges: source.ranges, pairs: traced().pairs };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `throws what is no error: ${String(error)}`;
  const place =
    /\b((?:packages|apps|tools|smol-toml)\/[\w./-]+:\d+)/.exec(error.stack ?? '')?.[1] ?? 'elsewhere';
  const words = error.name === 'Oracle' ? `: ${error.message}` : '';
  const code = 'code' in error ? ` ${error.code}` : '';
  return `${error.name}${code}${words} at ${place}`;
}
