// SPDX-License-Identifier: Apache-2.0
import { exhaustionOf, Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * What can be missing from, or wrong with, the tools of a machine, and with running them.
 *
 * - `program-missing`: no such program along PATH, or none where it was said to be.
 * - `program-not-executable`: a file that is there and cannot be executed.
 * - `arguments-too-long`: more arguments than the system hands on.
 * - `machine-exhausted`: the machine has no more files, memory or processes to give: of what was asked for nothing is known.
 * - `program-not-started`: the system would not start it for any other reason.
 * - `firmware-missing`: no firmware installed that suits the request.
 * - `firmware-unpaired`: UEFI code without the variable store that belongs to it.
 * - `firmware-not-found`: a firmware file that was named is not there.
 * - `firmware-unreadable`: a firmware file that cannot be read, or a qcow2 file that does not stand alone.
 * - `firmware-mismatched`: code and variable store were not cut from one flash image.
 * - `bad-descriptor`: a firmware descriptor that cannot be read as one.
 */
export type ToolchainErrorCode =
  | 'program-missing'
  | 'program-not-executable'
  | 'arguments-too-long'
  | 'machine-exhausted'
  | 'program-not-started'
  | 'firmware-missing'
  | 'firmware-unpaired'
  | 'firmware-not-found'
  | 'firmware-unreadable'
  | 'firmware-mismatched'
  | 'bad-descriptor';

const KIND: Record<ToolchainErrorCode, FailureKind> = {
  'program-missing': 'tool-missing',
  'program-not-executable': 'tool-missing',
  'arguments-too-long': 'usage',
  'machine-exhausted': 'io',
  'program-not-started': 'io',
  'firmware-missing': 'tool-missing',
  'firmware-unpaired': 'tool-missing',
  'firmware-not-found': 'input-missing',
  'firmware-unreadable': 'data',
  'firmware-mismatched': 'data',
  'bad-descriptor': 'data',
};

/** Thrown by everything in this package. */
export class ToolchainError extends Failure<ToolchainErrorCode> {
  constructor(code: ToolchainErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}

/** Makes the error about something that could not be done at `path` since the machine has no more to give; undefined for any other cause. */
export function exhausted(path: string, cause: unknown): ToolchainError | undefined {
  const found = exhaustionOf(cause);
  if (found === undefined) return undefined;
  const { what, errno, fix } = found;
  return new ToolchainError('machine-exhausted', `${path}: ${what} (${errno})`, { cause, fix });
}
