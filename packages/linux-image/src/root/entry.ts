// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '@latticra/disk-image';
import type { ErofsEntry, ErofsTree } from '@latticra/disk-image/erofs';
import { showName, type TarMember } from '@latticra/tar';
import { LinuxImageError } from '../error.js';

/** What Linux makes every symbolic link with, whatever an archive says. */
const LINK_MODE = 0o777;

/** Says of a member of an archive what a file system says of it. */
function entryOf(member: TarMember): ErofsEntry {
  const { path, type, uid, gid, mtime, size, device, target, xattrs } = member;
  const mode = type === 'symbolic-link' ? LINK_MODE : member.mode;
  return { path, type, mode, uid, gid, mtime, size, device, target, xattrs };
}

/**
 * Adds a member of an archive to the tree that is made of it.
 * @throws LinuxImageError `rootfs-unfit` for what the file system cannot hold
 */
export function addMember(tree: ErofsTree, member: TarMember): void {
  try {
    tree.add(entryOf(member));
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new LinuxImageError('rootfs-unfit', `member ${showName(member.path)}: ${cause.message}`, {
      cause,
      fix: 'take it out of the root file system, or make it what it has to be',
    });
  }
}
