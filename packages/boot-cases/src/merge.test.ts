// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GOOD_LOG, layRecord } from '../test/record.js';
import { mergeRecords } from './index.js';

/** Counts what is open, and says that no more may be. */
const files = vi.hoisted(() => ({ open: new Set<number>(), most: Number.POSITIVE_INFINITY, refused: 0 }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  return {
    ...fs,
    openSync: (path: string, flags: number, mode?: number) => {
      if (files.open.size >= files.most) {
        files.refused++;
        throw Object.assign(new Error('EMFILE'), { code: 'EMFILE', syscall: 'open' });
      }
      const fd = fs.openSync(path, flags, mode);
      files.open.add(fd);
      return fd;
    },
    closeSync: (fd: number) => {
      files.open.delete(fd);
      fs.closeSync(fd);
    },
  };
});
let base: string;
const at = (name: string) => join(base, name);
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'latticra-merge-'));
});
afterEach(() => {
  files.most = Number.POSITIVE_INFINITY;
  rmSync(base, { recursive: true });
});

it('a merge into a folder that has some of the records needs no more open files than any other', async () => {
  for (let index = 0; index < 12; index++) {
    const named = { caseName: `iso${index}_cdrom_bios`, imageName: `iso${index}` };
    layRecord(at('all'), GOOD_LOG, named);
    if (index % 2 === 0) layRecord(at('some'), GOOD_LOG, named);
  }
  for (let spare = 8; spare < 24; spare++) {
    await mergeRecords([at('some')], at('into'));
    files.refused = 0;
    files.most = files.open.size + spare;
    const merged = await mergeRecords([at('all')], at('into'));
    files.most = Number.POSITIVE_INFINITY;
    expect(files.refused).toBeGreaterThan(0);
    expect([merged.added.length, merged.known.length]).toEqual([6, 6]);
    expect(readdirSync(at('into'))).toEqual(
      [...merged.added, ...merged.known].map(({ sha256 }) => sha256).sort(),
    );
    expect([...files.open]).toEqual([]);
    rmSync(at('into'), { recursive: true });
  }
});

it('whatever has the name of a record and is none is told by its path, with what to do, and is left as it is', async () => {
  layRecord(at('from'));
  const [record] = (await mergeRecords([at('from')], at('merged'))).added;
  const place = join(at('into'), record?.sha256 ?? '');
  const ways: [() => void, string][] = [
    [() => mkdirSync(place), 'has the name of a record, and holds none'],
    [() => writeFileSync(place, ''), 'is no folder of a record'],
    [
      () => {
        mkdirSync(place);
        writeFileSync(join(place, 'thesis.tex'), 'years of work');
      },
      'has the name of a record, and holds none',
    ],
    [
      () => {
        mkdirSync(place);
        writeFileSync(join(place, 'record.txt'), '');
      },
      'holds no record that holds: ',
    ],
  ];
  for (const [lay, reason] of ways) {
    mkdirSync(at('into'));
    lay();
    const before = readdirSync(at('into'), { recursive: true });
    await expect(mergeRecords([at('from')], at('into'))).rejects.toMatchObject({
      code: 'bad-record',
      message: expect.stringContaining(`${place}: ${reason}`),
      fix: 'remove it, or merge into another folder',
    });
    expect(readdirSync(at('into'), { recursive: true })).toEqual(before);
    rmSync(at('into'), { recursive: true });
  }
});
