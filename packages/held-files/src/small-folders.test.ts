// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { testFolder } from '../test/folder.js';
import { withSmallFolders } from './index.js';

/** Notes what is synced and renamed, and lets a test fail or shorten a call. */
const calls = vi.hoisted(() => ({
  paths: new Map<number, string>(),
  open: new Set<number>(),
  done: (_call: string, _path: string) => {},
  taken: (length: number) => length,
  /** Descriptors that may be open at once. */
  mostOpen: Number.POSITIVE_INFINITY,
  /** Syncs wait for it. */
  disk: Promise.resolve() as Promise<unknown>,
}));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  return {
    ...fs,
    openSync: (path: string, flags: number, mode?: number) => {
      if (calls.open.size >= calls.mostOpen)
        throw Object.assign(new Error('EMFILE'), { code: 'EMFILE', syscall: 'open' });
      const fd = fs.openSync(path, flags, mode);
      calls.paths.set(fd, path);
      calls.open.add(fd);
      return fd;
    },
    fsync: (fd: number, done: (error: Error | null) => void) => {
      try {
        calls.done('sync', calls.paths.get(fd) ?? '');
        void calls.disk.then(() => fs.fsync(fd, done));
      } catch (error) {
        done(error as Error);
      }
    },
    closeSync: (fd: number) => {
      calls.open.delete(fd);
      fs.closeSync(fd);
    },
    ftruncateSync: (fd: number, size: number) => {
      calls.done('cut', calls.paths.get(fd) ?? '');
      fs.ftruncateSync(fd, size);
    },
    renameSync: (from: string, to: string) => {
      calls.done('rename', to);
      fs.renameSync(from, to);
    },
    writeSync: (fd: number, bytes: Uint8Array, at: number, length: number, position: number) =>
      fs.writeSync(fd, bytes, at, calls.taken(length), position),
  };
});
const folder = testFolder();
afterEach(() => {
  calls.done = () => {};
  calls.taken = (length) => length;
  calls.disk = Promise.resolve();
  calls.mostOpen = Number.POSITIVE_INFINITY;
});

const file = (name: string, text: string, mode = 0o666) => ({ name, bytes: Buffer.from(text), mode });
const unchecked = () => undefined;

it('every file and folder is synced before the folder has its name, and all names by one sync at the end', async () => {
  const done: string[] = [];
  calls.done = (call, path) => {
    const name = basename(path);
    done.push(`${call} ${path === folder.path ? 'parent' : name.endsWith('.staging') ? 'staging' : name}`);
  };
  await withSmallFolders(folder.path, async (folders) => {
    await folders.add('one', [file('a', 'a'), file('b', 'b')], unchecked);
    await folders.add('two', [file('c', 'c')], unchecked);
  });
  expect(done).toEqual([
    ...['cut a', 'cut b', 'cut c'],
    ...['sync a', 'sync b', 'sync staging', 'sync c', 'sync staging'],
    ...['rename one', 'rename two', 'sync parent'],
  ]);
});

it('small files have all their bytes and no more permissions than were asked for, whatever the disk takes at once', async () => {
  calls.taken = (length) => Math.min(length, 3);
  await withSmallFolders(folder.path, (folders) =>
    folders.add('one', [file('a', 'ten bytes.', 0o640), file('empty', '')], unchecked),
  );
  expect(readFileSync(folder.at('one/a'), 'utf8')).toBe('ten bytes.');
  expect(readFileSync(folder.at('one/empty'), 'utf8')).toBe('');
  expect(statSync(folder.at('one/a')).mode & 0o777).toBe(0o640 & ~process.umask());
  expect(statSync(folder.at('one')).mode & 0o777).toBe(0o777 & ~process.umask());
});

it('fewer folders are synced at once where few files may be open, and none is left out', async () => {
  calls.mostOpen = calls.open.size + 11;
  const names = Array.from({ length: 40 }, (_, index) => `folder ${10 + index}`);
  await withSmallFolders(folder.path, async (folders) => {
    for (const name of names) await folders.add(name, [file('a', name), file('b', name)], unchecked);
  });
  expect(readdirSync(folder.path)).toEqual(names);
  expect(names.map((name) => readFileSync(folder.at(`${name}/b`), 'utf8'))).toEqual(names);
});

const withOpen = <T>(path: string, use: (fd: number) => T): T => {
  const fd = openSync(path, 'r');
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
};

it('what is read between folders is read, however few files may be open', async () => {
  writeFileSync(folder.at('read'), 'read');
  const names = Array.from({ length: 20 }, (_, index) => `folder ${10 + index}`);
  for (let spare = 4; spare < 16; spare++) {
    calls.mostOpen = calls.open.size + spare;
    await withSmallFolders(folder.path, async (folders) => {
      for (const name of names) {
        await folders.add(`${name} of ${spare}`, [file('a', name)], unchecked);
        // Two at once, as a file in a folder that is held.
        const read = await folders.besides(() =>
          withOpen(folder.path, () => withOpen(folder.at('read'), (fd) => readFileSync(fd, 'utf8'))),
        );
        expect(read).toBe('read');
      }
    });
    expect([...calls.open]).toEqual([]);
  }
  expect(readdirSync(folder.path)).toHaveLength(1 + 12 * names.length);
});

it('a limit below what is read beside folders is told, and those that were added have their names', async () => {
  writeFileSync(folder.at('read'), 'read');
  const held: number[] = [];
  const run = withSmallFolders(folder.path, async (folders) => {
    await folders.add('one', [file('a', 'a')], unchecked);
    calls.mostOpen = calls.open.size;
    await folders.besides(async () => {
      while (held.length < 9) held.push(openSync(folder.at('read'), 'r'));
    });
  });
  await expect(run).rejects.toMatchObject({ code: 'EMFILE' });
  held.forEach(closeSync);
  expect(readdirSync(folder.path)).toEqual(['one', 'read']);
});

it('a limit below the files of one folder is told, and nothing of that folder is left', async () => {
  calls.mostOpen = calls.open.size + 2;
  const run = withSmallFolders(folder.path, (folders) =>
    folders.add('one', [file('a', 'a'), file('b', 'b')], unchecked),
  );
  await expect(run).rejects.toMatchObject({ code: 'io', fix: expect.stringContaining('ulimit -n') });
  expect(readdirSync(folder.path)).toEqual([]);
});

it('a disk that takes nothing is told, and nothing of the folder is left', async () => {
  calls.taken = () => 0;
  const run = withSmallFolders(folder.path, (folders) => folders.add('one', [file('a', 'a')], unchecked));
  await expect(run).rejects.toMatchObject({ code: 'io' });
  expect(readdirSync(folder.path)).toEqual([]);
});

it('a folder that does not pass its check does not appear, and those that had their names stay', async () => {
  const run = withSmallFolders(folder.path, async (folders) => {
    await folders.add('one', [file('a', 'a')], (staging) => {
      expect(readFileSync(join(staging, 'a'), 'utf8')).toBe('a');
      expect(statSync(staging).mode & 0o777).toBe(0o700);
    });
    await folders.settle();
    await folders.add('gone', [file('a', 'a')], unchecked);
    await folders.add('two', [file('a', 'a')], () => {
      throw new RangeError('of the check');
    });
  });
  await expect(run).rejects.toThrow(RangeError);
  expect(readdirSync(folder.path)).toEqual(['one']);
});

it('a name that is taken is refused, and what has it stays', async () => {
  mkdirSync(folder.at('full/old'), { recursive: true });
  writeFileSync(folder.at('file'), '');
  symlinkSync('nowhere', folder.at('dangling'));
  mkdirSync(folder.at('empty'));
  const names = readdirSync(folder.path);
  const add = (name: string) =>
    withSmallFolders(folder.path, (folders) => folders.add(name, [file('a', 'a')], unchecked));
  for (const name of ['full', 'file', 'dangling']) {
    await expect(add(name)).rejects.toMatchObject({ code: 'exists', path: folder.at(name) });
  }
  await add('empty');
  expect(readdirSync(folder.path)).toEqual(names);
  expect(readdirSync(folder.at('full'))).toEqual(['old']);
  expect(readdirSync(folder.at('empty'))).toEqual(['a']);
});

it('a disk that does not sync is told with the folder, and a folder that is not there before any work', async () => {
  calls.done = (call, path) => {
    if (call === 'sync' && path === folder.path) throw Object.assign(new Error('EIO'), { code: 'EIO' });
  };
  const run = withSmallFolders(folder.path, (folders) => folders.add('one', [file('a', 'a')], unchecked));
  await expect(run).rejects.toMatchObject({ code: 'io', path: folder.path });
  calls.done = (call, path) => {
    if (call === 'sync' && basename(path) === 'b') throw Object.assign(new Error('EIO'), { code: 'EIO' });
  };
  const half = withSmallFolders(folder.path, async (folders) => {
    await folders.add('two', [file('a', 'a')], unchecked);
    await folders.add('three', [file('b', 'b')], unchecked);
  });
  await expect(half).rejects.toMatchObject({ code: 'io', path: folder.at('three') });
  expect(readdirSync(folder.path)).toEqual(['one']);
  const nowhere = withSmallFolders(folder.at('none'), async () => expect.unreachable());
  await expect(nowhere).rejects.toMatchObject({ code: 'cannot-create' });
});

/** The files of a folder that takes a quarter of the descriptors that are synced together. */
const QUARTER = Array.from({ length: 63 }, (_, index) => file(`f${index}`, 'a'));

it('no more descriptors than some hundreds are open at once, and none stays open', async () => {
  let most = 0;
  await withSmallFolders(folder.path, async (folders) => {
    for (let index = 0; index < 12; index++) {
      await folders.add(`f${index}`, QUARTER, unchecked);
      most = Math.max(most, calls.open.size);
    }
  });
  // Those that are synced, those that wait, and the parent.
  expect(most).toBeLessThanOrEqual(2 * 256 + 1);
  expect(readdirSync(folder.path)).toHaveLength(12);
  expect([...calls.open]).toEqual([]);
});

it('folders are filled while those before them are synced, and have no names before', async () => {
  let release: (value?: unknown) => void = () => {};
  calls.disk = new Promise((resolve) => {
    release = resolve;
  });
  await withSmallFolders(folder.path, async (folders) => {
    for (let index = 0; index < 6; index++) await folders.add(`f${index}`, QUARTER, unchecked);
    const names = readdirSync(folder.path);
    expect(names).toHaveLength(6);
    expect(names.filter((name) => !name.endsWith('.staging'))).toEqual([]);
    release();
  });
  expect(readdirSync(folder.path)).toHaveLength(6);
});

it('what cannot be synced while others are filled is told by the next that is added, and those others are removed', async () => {
  calls.done = (call, path) => {
    if (call === 'sync' && basename(path) === 'bad') throw Object.assign(new Error('EIO'), { code: 'EIO' });
  };
  const run = withSmallFolders(folder.path, async (folders) => {
    await folders.add(
      'broken',
      [...QUARTER, ...QUARTER.map(({ name, ...rest }) => ({ ...rest, name: `${name}-` }))],
      unchecked,
    );
    await folders.add('more', [...QUARTER, file('bad', '')], unchecked);
    await folders.add('last', QUARTER, unchecked);
    for (let index = 0; index < 9; index++) await folders.add(`f${index}`, QUARTER, unchecked);
    expect.unreachable();
  });
  await expect(run).rejects.toMatchObject({ code: 'io', path: folder.at('more') });
  expect(readdirSync(folder.path)).toEqual([]);
  expect([...calls.open]).toEqual([]);
});
