// SPDX-License-Identifier: Apache-2.0
import { ErofsTree } from '@latticra/disk-image/erofs';
import { walkTar } from '@latticra/tar';
import { expect, it } from 'vitest';
import { archive } from '../../../tar/test/archive.js';
import { addMember } from './entry.js';

it('a symbolic link has the permissions that Linux gives every one, and a file those of the archive', () => {
  const tree = new ErofsTree();
  const tar = walkTar({ onMember: (member) => addMember(tree, member) });
  tar.push(
    archive(
      { name: 'file', content: 'x' },
      { name: 'link', type: '2', link: 'file', raw: { 100: '0000600\0' } },
    ),
  );
  tar.end();
  const permissions = (path: string) => tree.inodes.modeOf(tree.find(path) ?? expect.fail(path)) & 0o7777;
  expect(permissions('link')).toBe(0o777);
  expect(permissions('file')).toBe(0o644);
});
