// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type FilePlace, HeldFileError, type OpenableFile, type Opened } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import { ManifestError } from './error.js';

/** Where the files that a manifest names may lie. */
export interface PlaceOptions {
  /** Whether they may lie outside of the manifest's folder; not unless it is said. */
  readonly allowOutside?: boolean;
}

/**
 * Returns the file that a manifest in `folder` names. It has to lie there or below, with every link on the way followed: a
 * manifest from elsewhere could name any file of the machine that reads it. That is decided where the file is opened, and whenever
 * it is: opening it throws ManifestError `outside`, and HeldFileError.
 */
export function placeOf(
  folder: string,
  path: string,
  { allowOutside = false }: PlaceOptions = {},
): FilePlace {
  if (allowOutside) return resolve(folder, path);
  const file = fileBelow(folder, path);
  return { path: file.path, open: () => openInside(file, path, folder) };
}

function openInside(file: OpenableFile, path: string, folder: string): Opened {
  try {
    return file.open();
  } catch (cause) {
    if (!(cause instanceof HeldFileError && cause.code === 'outside')) throw cause;
    const { message } = cause;
    // What is said of a path that leads nowhere says more.
    const told = message.includes('cannot be told')
      ? message
      : `${path}: lies outside of the manifest's folder ${folder}`;
    throw new ManifestError('outside', told, {
      cause,
      fix: 'put the file beside the manifest, with no link on the way that leads out, or say --allow-outside for a manifest that you trust',
    });
  }
}
