// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, fileSource } from '@latticra/disk-image';
import { readFailure } from '@latticra/held-files';
import type { AnchoredFile } from '@latticra/held-files/anchor';

/**
 * Makes a source of a held file. Nobody else knows whose a read is that the system refuses.
 * @throws HeldFileError `io`, `unreadable` from a read, with the path; else as `fileSource`
 */
export const heldSource = ({ path, fd, size }: Pick<AnchoredFile, 'path' | 'fd' | 'size'>): ByteSource =>
  fileSource(fd, size, (cause) => readFailure(path, cause));
