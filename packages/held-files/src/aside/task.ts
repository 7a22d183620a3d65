// SPDX-License-Identifier: Apache-2.0
import { errnoOf } from '@latticra/failure';
import { HeldFileError, type HeldFileErrorCode } from '../error.js';
import type { Measurement } from '../measurement.js';
import type { StableFile } from '../open.js';
import type { MeasureOptions } from '../sums.js';

/** What a thread is to do: to sum an open file, and to copy it where there is a target. Descriptors are of the process. */
export interface AsideWork {
  readonly file: StableFile;
  /** What a copy is written to: new, open, and nobody else's; and its path, for messages. */
  readonly target?: { readonly fd: number; readonly path: string };
}

/** What the thread is given. */
export interface AsideTask extends AsideWork {
  readonly sums: Pick<MeasureOptions, 'sha1' | 'sha512' | 'fromDisk'>;
}

/** What it says: how much more it did, as often as it is worth a message; then what came of it. */
export type AsideReport =
  | { readonly bytes: number }
  | { readonly measurement: Measurement }
  | { readonly failure: FailureReport };

/** A failure as it goes from one thread to the other, which does not keep what an error has besides its message. */
export interface FailureReport {
  /** Of a HeldFileError; undefined for any other. */
  readonly held:
    | { readonly code: HeldFileErrorCode; readonly path: string; readonly fix?: string }
    | undefined;
  readonly message: string;
  /** What the system said, by its name; '' where it was not the system. */
  readonly errno: string;
}

/** Puts an error into what can be told to another thread. */
export function reportFailure(error: unknown): FailureReport {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof HeldFileError)) return { held: undefined, message, errno: errnoOf(error) };
  const { code, path, fix, cause } = error;
  return { held: { code, path, ...(fix !== undefined && { fix }) }, message, errno: errnoOf(cause) };
}

/** Makes of such a report the error that this thread would have thrown. */
export function failureOf({ held, message, errno }: FailureReport): Error {
  const cause = Object.assign(
    new Error(held === undefined ? message : errno),
    errno !== '' && { code: errno },
  );
  if (held === undefined) return cause;
  const { code, path, fix } = held;
  return new HeldFileError(code, path, message.slice(path.length + 2), {
    ...(errno !== '' && { cause }),
    ...(fix !== undefined && { fix }),
  });
}
