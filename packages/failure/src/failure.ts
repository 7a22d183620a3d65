// SPDX-License-Identifier: Apache-2.0

/**
 * What sort of trouble a failure is, independent of where it happened. A lane turns it into its exit code
 * (the sysexits value in brackets), so that every package agrees on what an operator's script sees.
 *
 * - `usage` [64]: the request itself is wrong: an unknown flag, a value that no input could make right.
 * - `data` [65]: an input violates its contract, or changed while it was being read.
 * - `input-missing` [66]: a file that was named does not exist or cannot be opened.
 * - `tool-missing` [69]: a program or firmware that is needed is not on this machine.
 * - `unfulfilled` [70]: something was run and did not do what was required of it.
 * - `cannot-create` [73]: the output cannot be created where it was asked for.
 * - `io` [74]: reading or writing failed underneath: a full disk, a broken pipe, a bad sector.
 */
export type FailureKind =
  | 'usage'
  | 'data'
  | 'input-missing'
  | 'tool-missing'
  | 'unfulfilled'
  | 'cannot-create'
  | 'io';

/**
 * What every failure is marked with, whichever copy of this package made it: a program may have several, as a package asks
 * for another version than its neighbour. Not part of the type, which would then differ from copy to copy.
 */
const BRAND = Symbol.for('@latticra/failure');

/** What a {@link Failure} carries besides its message. */
export interface FailureDetails {
  /** What the person in front of the machine can do about it, as one imperative sentence without a full stop. */
  readonly fix?: string;
  /** The error underneath, kept for programs and debuggers. */
  readonly cause?: unknown;
}

/**
 * The error that every Latticra package throws: a message that names the thing and what was expected, a
 * `code` that programs can switch on (each package has a literal union of its own), and a `kind`.
 *
 * Packages subclass it once, in their `error.ts`, fixing the union of codes and the kind of each.
 *
 * `error instanceof Failure` also holds for an error of another copy or version of this package. A kind that this version
 * does not know may then be in it. `instanceof` a subclass is as ever: an error of that very class.
 *
 * @example
 * import { Failure } from '@latticra/failure';
 *
 * try {
 *   throw new Failure('bad-magic', 'data', 'disk.img: expected QFI, found ELF', { fix: 'name the qcow2 file' });
 * } catch (error) {
 *   if (error instanceof Failure) console.error(error.code, error.kind, error.fix);
 * }
 */
export class Failure<Code extends string = string> extends Error {
  /** Stable name of what went wrong, from the throwing package's own union. */
  readonly code: Code;
  /** What sort of trouble it is; decides the exit code of a lane. */
  readonly kind: FailureKind;
  /** What to do next, where there is something to do. */
  readonly fix: string | undefined;

  constructor(code: Code, kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.kind = kind;
    this.fix = details.fix;
  }

  static {
    Object.defineProperty(Failure.prototype, BRAND, { value: true });
    // Subclasses inherit it. Defined without a type of its own, so that `instanceof` narrows as for any class.
    Object.defineProperty(Failure, Symbol.hasInstance, {
      value(this: unknown, value: unknown): boolean {
        if (Function.prototype[Symbol.hasInstance].call(this as typeof Failure, value)) return true;
        return this === Failure && value instanceof Error && BRAND in value;
      },
    });
  }
}
