// SPDX-License-Identifier: Apache-2.0
import { type Evidence, isOf, type Refused } from '../evidence/piece.js';
import { folderOf, type Lookup } from '../release/manifests.js';

/** Finds the lists of checksums that say another digest of a file beside them than it has. */
export function refusedChecksums({ pieces }: Evidence, byPath: Lookup): Refused[] {
  return pieces.flatMap((piece) => {
    if (!isOf(piece, 'checksums')) return [];
    const wrong = piece.content.entries.find(({ hex, name }) => {
      const file = byPath.get(folderOf(piece.path) + name);
      return file !== undefined && file.sha256 !== hex;
    });
    return wrong === undefined
      ? []
      : [{ path: piece.path, reason: `says another digest of ${wrong.name} than it has` }];
  });
}
