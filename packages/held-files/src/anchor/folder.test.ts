// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { ANCHORINGS, anchoredFolder, failure, HOLDING } from '../../test/anchor.js';
import { asPlainUser } from '../../test/folder.js';
import { type AnchoredFolder, openAnchor } from './index.js';

const named = (folder: AnchoredFolder) => [...folder.list().names].map(String);

describe.each(ANCHORINGS)('a folder held by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);

  it('a held folder says how it is held and what it is', () => {
    expect(held.root).toMatchObject({
      anchoring,
      path: '.',
      stats: { ino: BigInt(statSync(held.path).ino) },
    });
    expect(held.root.mountId()).toMatch(/^\d+$/);
  });

  it('a held folder lists its names in the order of their bytes', () => {
    // UTF-16 would put the last two the other way round.
    const names = ['A', 'B.c', 'a', 'a.b', 'é', '\uffee', '😀'];
    for (const name of names.toReversed()) writeFileSync(held.at(name), '');
    const listing = held.root.list();
    expect([...listing.names].map(String)).toEqual(names);
    expect([...listing.names]).toHaveLength(listing.count);
    expect(listing.stats.mtimeNs).toBe(held.root.stat().mtimeNs);
  });

  it('a held folder lists names that are not UTF-8 as their bytes, and refuses to look at them', () => {
    for (const byte of [0xfe, 0xff]) writeFileSync(Buffer.from([...Buffer.from(held.at('a')), byte]), '');
    const names = [...held.root.list().names];
    expect(names).toEqual([Buffer.from([0x61, 0xfe]), Buffer.from([0x61, 0xff])]);
    for (const found of names) {
      expect(() => held.root.lstat(found)).toThrow(failure('unsafe-name', "'a\\xf"));
    }
  });

  it('a held folder takes nothing but one component for a name', () => {
    mkdirSync(held.at('in'));
    writeFileSync(held.at('in/a'), '');
    const texts = ['.', '..', '', '/', 'in/a', 'in/', './in', '../x', '/etc/passwd', 'a\0b'];
    for (const name of texts.flatMap((text) => [text, Buffer.from(text)])) {
      for (const use of [
        () => held.root.lstat(name),
        () => held.root.openFolder(name),
        () => held.root.openFile(name),
        () => held.root.makeFolder(name),
        () => held.root.createTemporary(name),
        () => held.root.remove(name),
        () => held.root.clearStale(name),
      ]) {
        expect(use, `${name}`).toThrow(failure('unsafe-name'));
      }
    }
    expect(named(held.root)).toEqual(['in']);
  });

  it('a held folder follows no symbolic link in it', () => {
    mkdirSync(held.at('folder'));
    symlinkSync('folder', held.at('link'));
    symlinkSync('nowhere', held.at('dangling'));
    expect(held.root.lstat('link')?.isSymbolicLink()).toBe(true);
    expect(held.root.lstat('dangling')?.isSymbolicLink()).toBe(true);
    expect(held.root.lstat('nothing')).toBeUndefined();
    expect(() => held.root.openFolder('link')).toThrow(failure('not-folder', 'link: is a symbolic link'));
    expect(() => held.root.openFile('dangling')).toThrow(failure('not-regular', 'is a symbolic link'));
  });

  it('folders are gone into and left in any order', () => {
    mkdirSync(held.at('a/b/c'), { recursive: true });
    mkdirSync(held.at('x/y'), { recursive: true });
    writeFileSync(held.at('a/b/c/f'), 'deep');
    const a = held.root.openFolder('a');
    const x = held.root.openFolder('x');
    const b = a.openFolder('b');
    const c = b.openFolder('c');
    try {
      expect([x, c, held.root, b, a].map(named)).toEqual([['y'], ['f'], ['a', 'x'], ['c'], ['b']]);
      a.close();
      const f = c.openFile('f');
      expect([f.path, String(f.bytes(4))]).toEqual(['a/b/c/f', 'deep']);
      f.close();
    } finally {
      for (const folder of [a, x, b, c]) folder.close();
    }
  });

  /** Lists a folder whose parent was moved, and another put in its place. */
  const whenMoved = (expectListing: (list: () => string[]) => void) => {
    mkdirSync(held.at('a/b'), { recursive: true });
    mkdirSync(held.at('other/b'), { recursive: true });
    writeFileSync(held.at('a/b/mine'), '');
    writeFileSync(held.at('other/b/theirs'), '');
    const a = held.root.openFolder('a');
    const b = a.openFolder('b');
    try {
      // From where the process is now, the way to it is by its name.
      expect(named(held.root)).toEqual(['a', 'other']);
      renameSync(held.at('a'), held.at('moved'));
      symlinkSync('other', held.at('a'));
      expectListing(() => named(b));
      // Who did not get there is not lost.
      expect(named(held.root)).toEqual(['a', 'moved', 'other']);
    } finally {
      b.close();
      a.close();
    }
  };

  if (HOLDING.includes(anchoring)) {
    it('a held folder is the same after it was moved, or says that it cannot tell', () =>
      whenMoved((list) => {
        if (anchoring === 'procfs') expect(list()).toEqual(['mine']);
        else expect(list).toThrow(failure('changed', 'a: is no longer where it was'));
      }));
  } else {
    it('a folder that is not held is taken for what took its place after it was moved', () =>
      whenMoved((list) => expect(list()).toEqual(['theirs'])));
  }

  it('a held folder does not look empty when it was deleted', () => {
    mkdirSync(held.at('a'));
    const a = held.root.openFolder('a');
    rmdirSync(held.at('a'));
    expect(() => a.list()).toThrow(failure('changed', 'a: was deleted'));
    expect(() => a.stat()).toThrow(failure('changed', 'a: was deleted'));
    a.close();
  });

  it('a held folder is not used after it was closed: the descriptor may be something else by then', () => {
    mkdirSync(held.at('a'));
    const a = held.root.openFolder('a');
    a.close();
    a.close();
    const uses = [() => a.list(), () => a.lstat('b'), () => a.sync(), () => a.mountId(), () => a.stat()];
    for (const use of uses) expect(use).toThrow('a: used after it was closed');
  });

  itWith(
    ['mkfifo'],
    'a held folder opens folders as folders and files as files, and says what else it found',
    async () => {
      mkdirSync(held.at('folder'));
      writeFileSync(held.at('file'), '');
      execFileSync('mkfifo', [held.at('fifo')]);
      symlinkSync('file', held.at('link'));
      writeFileSync(held.at('one'), '');
      linkSync(held.at('one'), held.at('two'));
      const server = createServer().listen(held.at('socket'));
      await new Promise((resolve) => server.once('listening', resolve));
      try {
        for (const [name, what] of [
          ['fifo', 'a FIFO'],
          ['socket', 'a socket'],
          ['link', 'a symbolic link'],
        ] as const) {
          expect(() => held.root.openFolder(name)).toThrow(failure('not-folder', `${name}: is ${what}`));
          expect(() => held.root.openFile(name)).toThrow(failure('not-regular', `${name}: is ${what}`));
          expect(() => held.root.remove(name)).toThrow(failure('not-regular', `${name}: is ${what}`));
        }
        expect(() => held.root.openFolder('file')).toThrow(failure('not-folder', 'is a regular file'));
        expect(() => held.root.openFile('folder')).toThrow(failure('not-regular', 'is a folder'));
        expect(() => held.root.remove('folder')).toThrow(failure('not-regular', 'is a folder'));
        for (const use of [() => held.root.openFile('one'), () => held.root.remove('two')]) {
          expect(use).toThrow(failure('hard-linked', 'has 2 names'));
        }
        for (const use of [() => held.root.openFile('none'), () => held.root.openFolder('none')]) {
          expect(use).toThrow(failure('not-found', 'none: '));
        }
        expect(readdirSync(held.path)).toHaveLength(7);
      } finally {
        server.close();
      }
    },
  );

  it('a held folder removes a file, once', () => {
    writeFileSync(held.at('a'), '');
    expect(held.root.remove('a')).toBe(true);
    expect(held.root.remove('a')).toBe(false);
  });

  it('a held folder makes a folder, once', () => {
    held.root.makeFolder('reports');
    expect(statSync(held.at('reports')).mode & 0o022).toBe(0);
    expect(() => held.root.makeFolder('reports')).toThrow(failure('exists', 'reports: '));
  });

  it.each([
    [0o755, true],
    [0o700, true],
    [0o775, false],
    [0o757, false],
    [0o1777, false],
  ])('a folder of mode %o is private: %s', (mode, isPrivate) => {
    chmodSync(held.path, mode);
    const check = () => held.root.assertPrivate();
    if (isPrivate) expect(check).not.toThrow();
    else expect(check).toThrow(failure('unsafe-folder', mode.toString(8)));
  });

  it('a folder is not private when it belongs to another user', async () => {
    chmodSync(held.path, 0o755);
    const user = process.geteuid?.() ?? 0;
    const geteuid = vi.spyOn(process, 'geteuid').mockReturnValue(user + 1);
    try {
      expect(() => held.root.assertPrivate()).toThrow(
        failure('unsafe-folder', `belongs to another user (${user}, expected ${user + 1})`),
      );
    } finally {
      geteuid.mockRestore();
    }
    expect(() => held.root.assertPrivate()).not.toThrow();
  });

  it('a plain user is told what that user may not do', async () => {
    chmodSync(held.path, 0o755);
    mkdirSync(held.at('closed'), { mode: 0o700 });
    mkdirSync(held.at('unsearchable'));
    chmodSync(held.at('unsearchable'), 0o744);
    writeFileSync(held.at('secret'), '', { mode: 0o600 });
    await asPlainUser(async () => {
      expect(() => held.root.openFolder('closed')).toThrow(failure('unreadable', 'EACCES'));
      expect(() => held.root.openFile('secret')).toThrow(failure('unreadable', 'EACCES'));
      expect(() => held.root.createTemporary('new')).toThrow(failure('cannot-create', 'new: '));
      expect(() => held.root.makeFolder('new')).toThrow(failure('cannot-create', 'EACCES'));
      expect(() => held.root.remove('secret')).toThrow(failure('cannot-create', 'EACCES'));
      expect(() => {
        const folder = held.root.openFolder('unsearchable');
        try {
          folder.list();
        } finally {
          folder.close();
        }
      }).toThrow(failure('unreadable', 'EACCES'));
    });
  });
});

describe.each(ANCHORINGS)('opening a root by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);
  const open = (path: string) => openAnchor(path, { anchoring });

  it('opening a root follows a link to it, and holds what it led to', () => {
    mkdirSync(held.at('a'));
    writeFileSync(held.at('a/f'), '');
    symlinkSync('a', held.at('link'));
    const root = open(held.at('link'));
    expect(root.path).toBe(held.at('link'));
    expect(root.lstat('f')?.isFile()).toBe(true);
    expect(() => root.openFile('g')).toThrow(`${join(root.path, 'g')}: `);
    root.close();
  });

  it('opening a root says what is no folder', () => {
    writeFileSync(held.at('file'), '');
    symlinkSync('loop', held.at('loop'));
    expect(() => open(held.at('file'))).toThrow(failure('not-folder', 'is a regular file'));
    expect(() => open(held.at('none'))).toThrow(failure('not-found', 'none: '));
    expect(() => open(held.at('file/below'))).toThrow(failure('not-found'));
    expect(() => open(held.at('loop'))).toThrow(failure('unreadable', 'symbolic links'));
  });
});
