// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { bytesSource, fileSource } from '@latticra/disk-image';
import { type Inspection, inspect } from '@latticra/disk-image/inspect';
import { readFailure } from '@latticra/held-files';
import type { AnchoredFile } from '@latticra/held-files/anchor';
import { measureHeld } from '@latticra/held-files/anchor';
import { MAX_SBOM_BYTES } from '@latticra/sbom/check';

/** A file that was read once: measured, looked into, and, where it is small, kept. */
export interface ReadFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** Raw, where a signature beside it wants it. */
  readonly sha512: Uint8Array | undefined;
  /** Undefined for a file that is too large to be a document. */
  readonly bytes: Uint8Array | undefined;
  /** Looks into it; what is told by its first line is not looked into. */
  readonly inspect: () => Inspection;
}

/** How a file is read. */
export interface ReadOptions {
  readonly wantsSha512: boolean;
  /** Takes the number of bytes that each step read. */
  readonly onBytes: (count: number) => void;
}

/**
 * Reads a held file once, in constant memory but for one that could be a document.
 * @throws HeldFileError `changed`, `io`
 */
export async function readFileOnce(
  name: string,
  file: AnchoredFile,
  { wantsSha512, onBytes }: ReadOptions,
): Promise<ReadFile> {
  const sha512 = wantsSha512 ? createHash('sha512') : undefined;
  const found =
    file.size <= MAX_SBOM_BYTES ? readSmall(file, sha512) : await readLarge(file, sha512, onBytes);
  if (file.size <= MAX_SBOM_BYTES) onBytes(file.size);
  return { name, size: file.size, sha512: sha512?.digest(), ...found };
}

type Found = Pick<ReadFile, 'sha256' | 'bytes' | 'inspect'>;

function readSmall(file: AnchoredFile, sha512: Hash | undefined): Found {
  const bytes = file.bytes(MAX_SBOM_BYTES);
  sha512?.update(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, bytes, inspect: () => inspect(bytesSource(bytes)) };
}

async function readLarge(
  file: AnchoredFile,
  sha512: Hash | undefined,
  onBytes: ReadOptions['onBytes'],
): Promise<Found> {
  const { sha256 } = await measureHeld(file, {
    onBytes,
    onChunk: (chunk) => {
      sha512?.update(chunk);
      return undefined;
    },
  });
  const { path, fd, size } = file;
  const inspection = inspect(fileSource(fd, size, (cause) => readFailure(path, cause)));
  file.assertUnchanged();
  return { sha256, bytes: undefined, inspect: () => inspection };
}
