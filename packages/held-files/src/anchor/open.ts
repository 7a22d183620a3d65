// SPDX-License-Identifier: Apache-2.0
import { HeldFileError } from '../error.js';
import type { AnchoredFolder, AnchorOptions, Identity } from './types.js';

/**
 * Holds the folder at `path`, which may be named through a symbolic link: what counts is what was opened.
 * With `cwd` it is the working directory of the process until it is closed, and there is one at a time.
 * @throws HeldFileError `unsupported`, `not-found`, `not-folder`, `unreadable`, `changed`, `io`
 */
export function openAnchor(path: string, options: AnchorOptions = {}): AnchoredFolder {
  throw new HeldFileError('unsupported', path, `${options.anchoring ?? 'procfs'}: not written yet`);
}

/**
 * For another thread of the process (`procfs` only): works in a folder whose descriptor the first thread keeps
 * open meanwhile. Closing it here does nothing to that descriptor.
 * @throws HeldFileError `unsupported`, and `changed` when the descriptor is of another folder
 */
export function borrowFolder(
  folder: { readonly fd: number; readonly path: string } & Identity,
): AnchoredFolder {
  throw new HeldFileError('unsupported', folder.path, 'not written yet');
}
