// SPDX-License-Identifier: Apache-2.0
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ANCHORINGS, anchoredFolder, failure } from '../../test/anchor.js';
import { createVisits, type Visits } from './index.js';
import { createVisitsFrom } from './visits.js';

const descriptors = () => readdirSync('/proc/self/fd').length;

describe.each(ANCHORINGS)('a visit to a folder held by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);

  it('names are looked up in that folder, whatever has its path by now, and the process is then where it was', () => {
    writeFileSync(held.at('a'), 'of the held one');
    const before = process.cwd();
    const visits = createVisits();
    if (anchoring !== 'none') {
      renameSync(held.path, `${held.path}-away`);
      mkdirSync(held.path);
    }
    try {
      const [size, names, text] = visits.within(held.root, () => {
        const file = held.root.openFile('a');
        try {
          return [held.root.lstat('a')?.size, [...held.root.list().names], file.bytes(100).toString()];
        } finally {
          file.close();
        }
      });
      expect([size, names, text]).toEqual([15n, ['a'], 'of the held one']);
    } finally {
      visits.close();
      if (anchoring !== 'none') {
        rmSync(held.path, { recursive: true });
        renameSync(`${held.path}-away`, held.path);
      }
    }
    if (anchoring !== 'cwd') expect(process.cwd()).toBe(before);
  });

  it('a folder that is opened during a visit is held as any other', () => {
    mkdirSync(held.at('inner'));
    writeFileSync(join(held.at('inner'), 'b'), '');
    const visits = createVisits();
    const inner = visits.within(held.root, () => held.root.openFolder('inner'));
    visits.close();
    expect([...inner.list().names]).toEqual(['b']);
    inner.close();
  });
});

describe('a visit', () => {
  const held = anchoredFolder('procfs');
  let visits: Visits;
  beforeEach(() => {
    visits = createVisits();
  });
  afterEach(() => {
    visits.close();
    vi.restoreAllMocks();
  });

  it('a visit goes into a folder once, whatever is looked up, and back once', () => {
    const go = vi.spyOn(process, 'chdir');
    visits.within(held.root, () => ['a', 'b', 'c'].map((name) => held.root.lstat(name)));
    expect(go.mock.calls).toHaveLength(2);
    held.root.lstat('a');
    expect(go.mock.calls).toHaveLength(2);
  });

  it('folders are gone through one behind the other, each with its own names, and back once', () => {
    for (const name of ['a', 'b', 'c']) {
      mkdirSync(held.at(name));
      writeFileSync(join(held.at(name), 'of'), name);
    }
    const before = process.cwd();
    const go = vi.spyOn(process, 'chdir');
    const folders = ['a', 'b', 'c'].map((name) => held.root.openFolder(name));
    const found = visits.through(folders, (folder) => {
      const file = folder.openFile('of');
      try {
        return file.bytes(1).toString();
      } finally {
        file.close();
      }
    });
    expect(found).toEqual(['a', 'b', 'c']);
    expect(go.mock.calls).toHaveLength(4);
    expect(process.cwd()).toBe(before);
    expect(visits.through([], () => 1)).toEqual([]);
    for (const folder of folders) folder.close();
  });

  it('what is thrown in one of several folders ends the way, and the process is where it was', () => {
    const before = process.cwd();
    for (const name of ['a', 'b']) mkdirSync(held.at(name));
    const folders = ['a', 'b'].map((name) => held.root.openFolder(name));
    const seen: string[] = [];
    const way = () =>
      visits.through([...folders, held.root], ({ path }) => {
        seen.push(path);
        if (path === 'b') throw new RangeError('stop');
      });
    expect(way).toThrow(new RangeError('stop'));
    expect(seen).toEqual(['a', 'b']);
    expect(process.cwd()).toBe(before);
    folders[1]?.close();
    expect(() => visits.through(folders, ({ path }) => seen.push(path))).toThrow('used after it was closed');
    expect(seen).toEqual(['a', 'b']);
    folders[0]?.close();
  });

  it('the process is where it was after work that throws, and names are looked up as before', () => {
    const before = process.cwd();
    const stop = new RangeError('stop');
    expect(() =>
      visits.within(held.root, () => {
        throw stop;
      }),
    ).toThrow(stop);
    expect(process.cwd()).toBe(before);
    writeFileSync(held.at('a'), '');
    expect(held.root.lstat('a')?.size).toBe(0n);
  });

  it('work that leaves the folder is found out, and the process is where it was', () => {
    const before = process.cwd();
    expect(() =>
      visits.within(held.root, () => {
        process.chdir('/');
        return held.root.lstat('etc');
      }),
    ).toThrow(failure('changed', '.: was left while its names were looked up'));
    expect(process.cwd()).toBe(before);
  });

  it('a visit during a visit is done without one', () => {
    writeFileSync(held.at('a'), '12');
    mkdirSync(held.at('inner'));
    const inner = held.root.openFolder('inner');
    const found = visits.within(held.root, () => [
      visits.within(inner, () => inner.lstat('a')),
      held.root.lstat('a')?.size,
    ]);
    expect(found).toEqual([undefined, 2n]);
    inner.close();
  });

  it('the process goes back to where it was before this visit, not before the last one', () => {
    const before = process.cwd();
    const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-visit-')));
    visits.within(held.root, () => undefined);
    const open = descriptors();
    try {
      process.chdir(elsewhere);
      visits.within(held.root, () => undefined);
      expect(process.cwd()).toBe(elsewhere);
      expect(descriptors()).toBe(open);
    } finally {
      process.chdir(before);
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('a working directory that was removed is gone back to as well', () => {
    const before = process.cwd();
    const gone = mkdtempSync(join(tmpdir(), 'latticra-visit-'));
    try {
      process.chdir(gone);
      rmSync(gone, { recursive: true });
      writeFileSync(held.at('a'), '1');
      expect(visits.within(held.root, () => held.root.lstat('a')?.size)).toBe(1n);
      expect(() => process.cwd()).toThrow('ENOENT');
    } finally {
      process.chdir(before);
    }
  });

  it('a working directory that may not be read is not left', () => {
    const go = vi.spyOn(process, 'chdir');
    writeFileSync(held.at('a'), '1');
    const staying = createVisitsFrom(() => undefined);
    expect(staying.within(held.root, () => held.root.lstat('a')?.size)).toBe(1n);
    expect(go.mock.calls).toEqual([]);
    staying.close();
  });

  it('a folder that was closed is not visited', () => {
    mkdirSync(held.at('inner'));
    const inner = held.root.openFolder('inner');
    inner.close();
    const before = process.cwd();
    expect(() => visits.within(inner, () => inner.lstat('a'))).toThrow('used after it was closed');
    expect(process.cwd()).toBe(before);
  });
});
