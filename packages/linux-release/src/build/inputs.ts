// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError } from '@latticra/disk-image';
import { type Inspection, inspect } from '@latticra/disk-image/inspect';
import { withStableFile } from '@latticra/held-files';
import type { TarError } from '@latticra/tar';
import { LinuxReleaseError } from '../error.js';
import { openedSource } from '../opened-source.js';
import type { BuildInput } from './options.js';

/** An input that can be read. */
export interface HeldInput {
  readonly input: BuildInput;
  readonly source: ByteSource;
}

/** An input that is held open. */
export interface HeldFile extends HeldInput {
  readonly fd: number;
}

/** The inputs of a build, held open. */
export interface HeldInputs {
  readonly kernel: HeldInput;
  readonly initramfs: HeldInput;
  readonly rootfs: HeldFile | undefined;
  readonly signedUki: HeldInput | undefined;
}

/** Holds inputs open, each the same file with the same content all along, while `use` works with them. */
export async function holdInputs<T>(
  inputs: readonly BuildInput[],
  use: (held: readonly HeldFile[]) => Promise<T>,
): Promise<T> {
  const [first, ...rest] = inputs;
  if (first === undefined) return use([]);
  return withStableFile(first.resolvedPath, ({ path, fd, size }) =>
    holdInputs(rest, (held) => use([{ input: first, source: openedSource(path, fd, size), fd }, ...held])),
  );
}

/** Looks into an input, and refuses one that is something else by what it is. @throws LinuxReleaseError `bad-input` */
export function lookInto({ input, source }: HeldInput, require: (found: Inspection) => unknown): void {
  try {
    require(inspect(source));
  } catch (cause) {
    throw cause instanceof ImageError ? badInput(input, cause) : cause;
  }
}

/** Makes the error about an input of what was found in it. */
export function badInput({ path }: BuildInput, cause: TarError | ImageError): LinuxReleaseError {
  return new LinuxReleaseError('bad-input', `${path}: ${cause.message}`, {
    cause,
    ...(cause.fix !== undefined && { fix: cause.fix }),
  });
}

/** Refuses an input that is another one than its manifest says. @throws LinuxReleaseError `input-differs` */
export function assertExpected({ path, expectedSha256 }: BuildInput, sha256: string): void {
  if (expectedSha256 === undefined || expectedSha256 === sha256) return;
  throw new LinuxReleaseError(
    'input-differs',
    `${path}: sha256:${sha256}, but its manifest says sha256:${expectedSha256}`,
    { fix: 'give the file that the manifest was made for, or make the manifest again' },
  );
}
