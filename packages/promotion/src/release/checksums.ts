// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { type Evidence, isOf, type PieceOf, type Refused } from '../evidence/piece.js';
import { folderOf, type Lookup } from './manifests.js';

/** Returns the name of a file of which a list of checksums says another digest than it has beside the list; undefined for none. */
export function wrongEntry(
  { path, content: { entries } }: PieceOf<'checksums'>,
  byPath: Lookup,
): string | undefined {
  return entries.find(({ hex, name }) => {
    const file = byPath.get(posix.join(folderOf(path), name));
    return file !== undefined && file.sha256 !== hex;
  })?.name;
}

/** Finds the lists of checksums that say another digest of a file beside them than it has. */
export function refusedChecksums({ pieces }: Evidence, byPath: Lookup): Refused[] {
  return pieces.flatMap((piece) => {
    const wrong = isOf(piece, 'checksums') ? wrongEntry(piece, byPath) : undefined;
    return wrong === undefined
      ? []
      : [{ path: piece.path, reason: `says another digest of ${wrong} than it has` }];
  });
}
