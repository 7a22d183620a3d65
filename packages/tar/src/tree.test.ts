// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainMember, TarMemberType } from './member.js';
import { UnpackedTree } from './tree.js';

const member = (path: string, type: TarMemberType = 'file', target?: string): PlainMember => ({
  path,
  type,
  mode: 0o755,
  uid: 0,
  gid: 0,
  uname: '',
  gname: '',
  mtime: { seconds: 0, nanoseconds: 0 },
  size: 0,
  storedSize: 0,
  target,
  device: undefined,
  xattrs: new Map(),
});

/** What an archive is refused for at its last member; all before it are taken. */
function refused(...members: readonly PlainMember[]): string | undefined {
  const tree = new UnpackedTree();
  const reasons = members.map((one) => tree.add(one)?.reason);
  expect(reasons.slice(0, -1).filter((reason) => reason !== undefined)).toEqual([]);
  return reasons.at(-1);
}

describe('a tree of which the folder that was entered last is known', () => {
  it('a tree takes the next file of that folder, of its parent, of the root and of one whose name begins alike', () => {
    expect(refused(member('a/b/c'), member('a/b/d'), member('a/e'), member('f'), member('a/bc/d'))).toBe(
      undefined,
    );
  });

  it('a tree knows a file that stands twice, wherever it was in between', () => {
    const twice = 'is a file that stands twice in the archive';
    expect(refused(member('a/b'), member('a/b'))).toBe(twice);
    expect(refused(member('a/b'), member('c/d'), member('a/b'))).toBe(twice);
    expect(refused(member('ab'), member('a/b'), member('ab'))).toBe(twice);
  });

  it('a tree lets nothing lie below a link or a file, though its folder was just entered', () => {
    expect(refused(member('a/b'), member('a/l', 'symbolic-link', 'b'), member('a/l/c'))).toBe(
      'lies below "a/l", which is a symbolic link',
    );
    expect(refused(member('a/b'), member('a/b/c'))).toBe('lies below "a/b", which is no folder');
    expect(refused(member('a/b/c'), member('a/b', 'symbolic-link', 'c'))).toBe(
      'is a symbolic link where a folder stands already',
    );
  });

  it('a tree says the same of members in any order of folders as a tree that goes every way from the root', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 });
    const type = fc.constantFrom<TarMemberType>('file', 'folder', 'symbolic-link');
    fc.assert(
      fc.property(fc.array(fc.tuple(path, type), { maxLength: 20 }), (members) => {
        const tree = new UnpackedTree();
        const files = new Map<string, TarMemberType>();
        for (const [parts, kind] of members) {
          const name = parts.join('/');
          const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
          const isBelow = above.some((way) => files.get(way) !== undefined && files.get(way) !== 'folder');
          const there = files.get(name);
          const isFine = !isBelow && (there === undefined || (there === 'folder' && kind === 'folder'));
          const problem = tree.add(member(name, kind, kind === 'symbolic-link' ? 'x' : undefined));
          expect(problem === undefined).toBe(isFine);
          if (!isFine) return;
          for (const way of above) files.set(way, 'folder');
          files.set(name, kind);
        }
      }),
    );
  });
});
