// SPDX-License-Identifier: Apache-2.0
import { checkErofs, type ErofsImage, openErofs } from '../../../packages/disk-image/src/erofs/index.js';
import { bytesSource, readBytes } from '../../../packages/disk-image/src/index.js';
import { ACL, buildErofs } from '../../../packages/disk-image/src/testing/erofs.js';
import { blocksOf, growTree, SALT } from '../../../packages/disk-image/src/testing/verity.js';
import { readVeritySuperblock, verifyVerity } from '../../../packages/disk-image/src/verity/index.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { isSame, readEnds } from './bytes.js';

const tree = () =>
  buildErofs([
    { path: 'etc/os-release', content: Buffer.from('ID=a\n') },
    { path: 'usr/lib/large', content: Buffer.alloc(9000, 'content; ') },
    { path: 'usr/bin/tool', content: Buffer.alloc(4096, 1), xattrs: new Map([['security.capability', ACL]]) },
    { path: 'usr/bin/same', type: 'hard-link', target: 'usr/bin/tool' },
    { path: 'bin', type: 'symbolic-link', target: 'usr/bin' },
    { path: 'dev/console', type: 'character-device', device: { major: 5, minor: 1 } },
    { path: 'run/pipe', type: 'fifo', xattrs: new Map([['system.posix_acl_access', ACL]]) },
  ]).bytes;
const folder = () =>
  buildErofs(Array.from({ length: 300 }, (_, index) => ({ path: `d/a-name-of-some-length-${index}` }))).bytes;

/** Reads everything that a file system names, as far as its files are not compressed. */
function readAll(image: ErofsImage): void {
  for (const { name, inode } of image.walk()) {
    image.xattrs(inode);
    if (inode.type === 'folder') for (const _ of image.list(inode));
    else if (inode.type === 'symbolic-link') image.target(inode);
    else if (inode.type === 'file' && inode.layout !== 'compressed') readEnds(image.open(inode));
    hold(image.find(name).nid === inode.nid, 'a path that was listed leads elsewhere');
  }
}

/** Data of two levels of hashes, of which the tree is the input. */
const DATA = blocksOf(130);
const { rootHash, area } = growTree(DATA);

/** Readers of file systems that the kernel verifies. */
export const volumeTargets: readonly FuzzTarget[] = [
  {
    name: 'erofs',
    seeds: () => [tree(), folder()],
    words: ['\xe2\xe1\xf5\xe0', '..', '\x01\0\0\0', '\0\x10\0\0', '\xff\xff\xff\xff'],
    run({ source }) {
      const checked = unlessRefused(() => checkErofs(source));
      const image = openErofs(source);
      if (checked === undefined) return unlessRefused(() => readAll(image));
      // What was checked whole has nothing that is refused later.
      const later = unlessRefused(() => {
        readAll(image);
        return true;
      });
      hold(later === true, 'a file system is checked whole, and refused when it is read');
      return checked;
    },
  },
  {
    name: 'verity',
    seeds: () => [area],
    words: ['verity\0\0', 'sha256\0', '\0\x10\0\0'],
    run({ bytes, source }) {
      const { salt } = readVeritySuperblock(source);
      const { holds, faults, checked } = verifyVerity({ data: bytesSource(DATA), hash: source, rootHash });
      hold(holds === (faults.length === 0), 'a tree holds in spite of faults, or does not without one');
      if (!holds) return faults;
      hold(isSame(salt, SALT), 'a tree holds with another salt');
      hold(
        readBytes(source, 4096, 4096).every((byte, at) => byte === area[4096 + at]),
        'a tree holds with another block at its top',
      );
      hold(checked > 0 && bytes.length >= area.length, 'a tree holds of which a part is missing');
      return checked;
    },
  },
];
