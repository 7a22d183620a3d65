// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, fileSource } from '@latticra/disk-image';
import { readFailure } from '@latticra/held-files';

/**
 * Makes a source of an open file. Several are open at once, and of what the system refuses to read only this knows whose it is.
 * @throws HeldFileError `io` from a read, with the path; else as `fileSource`
 */
export const openedSource = (path: string, fd: number, size: number): ByteSource =>
  fileSource(fd, size, (cause) => readFailure(path, cause));
