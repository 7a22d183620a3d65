// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import { HeldFileError } from '@latticra/held-files';
import type { AnchoredFolder, Listing } from '@latticra/held-files/anchor';
import { retryOnConflict } from '../retry.js';
import { holdsArtifacts, isArtifact } from './artifact.js';

/** A folder of the scope that stays open until nobody needs it any more. */
export interface Hold {
  readonly folder: AnchoredFolder;
  /** The path from the root, with a `/` at the end; `''` for the root. */
  readonly prefix: string;
  readonly listing: Listing;
  /** Remembers what a name in the scope was seen to mean, which is compared again in the end. */
  see(name: string, stats: BigIntStats): void;
  /** Counts one more user of the folder. */
  take(): void;
  /**
   * Counts one user less. With the last, makes sure that the folder is what it was when it was listed, and closes it.
   * @throws HeldFileError `changed` when something came, went or was renamed in it, or it was deleted or moved
   */
  release(): void;
}

/**
 * Lists a folder and keeps it open, for one user.
 * @param close what to do with it in the end, and when this throws
 * @throws HeldFileError
 */
export function holdFolder(folder: AnchoredFolder, prefix: string, close = () => folder.close()): Hold {
  let needs = 1;
  const path = prefix.slice(0, -1);
  const isShared = holdsArtifacts(path);
  /** The meanings of names. Where Seal writes, a touched folder says nothing: each name has to mean what it meant. */
  const seen: string[] = [];
  let listing: Listing;
  try {
    listing = isShared ? retryOnConflict(() => folder.list()) : folder.list();
  } catch (error) {
    close();
    throw error;
  }
  const onlyArtifactsCame = () =>
    sameNames(
      prefix,
      listing,
      retryOnConflict(() => folder.list()),
    ) && seen.every((meaning) => isStill(folder, prefix, meaning));
  return {
    folder,
    prefix,
    listing,
    see(name, stats) {
      if (isShared) seen.push(meaningOf(name, prefix, stats));
    },
    take() {
      needs += 1;
    },
    release() {
      needs -= 1;
      if (needs > 0) return;
      try {
        const now = folder.stat();
        const isSame = now.mtimeNs === listing.stats.mtimeNs && now.ctimeNs === listing.stats.ctimeNs;
        if (isSame || (isShared && onlyArtifactsCame())) return;
        throw new HeldFileError('changed', folder.path, 'was changed or moved while its files were read', {
          fix: 'let whatever works in there finish, then run this again',
        });
      } finally {
        close();
      }
    },
  };
}

/** Returns whether nothing but artifacts came or went. */
function sameNames(prefix: string, before: Listing, after: Listing): boolean {
  const own = ({ names }: Listing) =>
    [...names]
      // No name begins with a slash, so that bytes without text are not taken for a text.
      .map((name) => (typeof name === 'string' ? name : `/${name.toString('hex')}`))
      .filter((name) => !isArtifact(prefix + name));
  return own(before).join('/') === own(after).join('/');
}

/**
 * Returns a name and what it means, in one text, for there may be many. A rename moves the ctime of what is renamed, so
 * that two that changed places and changed back are found out; only the folder of the reports may be touched.
 */
function meaningOf(name: string, prefix: string, { dev, ino, ctimeNs }: BigIntStats): string {
  return `${name}/${dev}/${ino}${holdsArtifacts(prefix + name) ? '' : `/${ctimeNs}`}`;
}

function isStill(folder: AnchoredFolder, prefix: string, meaning: string): boolean {
  const name = meaning.slice(0, meaning.indexOf('/'));
  const stats = folder.lstat(name);
  return stats !== undefined && meaningOf(name, prefix, stats) === meaning;
}
