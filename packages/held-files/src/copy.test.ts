// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  constants,
  mkdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { testFolder } from '../test/folder.js';
import { copyAndSum, copyAndUse, measureFile } from './index.js';

const MIB = 1 << 20;
const folder = testFolder();

describe('copyAndSum', () => {
  it.each([0, 1, MIB - 1, MIB, 2 * MIB + 3])('copyAndSum copies %d bytes and measures them', async (size) => {
    const bytes = randomBytes(size);
    writeFileSync(folder.at('a'), bytes);
    let counted = 0;
    const found = await copyAndSum(folder.at('a'), folder.at('b'), {
      sha1: true,
      onBytes: (count) => {
        counted += count;
      },
    });
    expect(Buffer.compare(readFileSync(folder.at('b')), bytes)).toBe(0);
    expect(found).toEqual(await measureFile(folder.at('b'), { sha1: true }));
    expect(counted).toBe(size);
  });

  it('copyAndSum leaves stretches of zeros as holes', async () => {
    writeFileSync(folder.at('a'), 'head');
    truncateSync(folder.at('a'), 32 * MIB);
    appendFileSync(folder.at('a'), 'tail');
    truncateSync(folder.at('a'), 40 * MIB);
    const found = await copyAndSum(folder.at('a'), folder.at('b'));
    expect(found.sha256).toBe((await measureFile(folder.at('a'))).sha256);
    expect(found).toEqual(await measureFile(folder.at('b')));
    expect(statSync(folder.at('b')).blocks * 512).toBeLessThan(4 * MIB);
  });

  it('copyAndSum refuses a target that exists, in any form, and leaves it', async () => {
    writeFileSync(folder.at('a'), 'new');
    writeFileSync(folder.at('old'), 'old');
    symlinkSync('nowhere', folder.at('dangling'));
    symlinkSync('old', folder.at('link'));
    mkdirSync(folder.at('folder'));
    for (const name of ['a', 'old', 'dangling', 'link', 'folder']) {
      await expect(copyAndSum(folder.at('a'), folder.at(name))).rejects.toThrow(
        expect.objectContaining({ code: 'exists', kind: 'cannot-create', path: folder.at(name) }),
      );
    }
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('new');
    expect(readFileSync(folder.at('old'), 'utf8')).toBe('old');
  });

  it.each([0o444, 0o600, 0o640, 0o755, 0o4666])(
    'copyAndSum gives others no more rights to a copy than mode %d does',
    async (mode) => {
      writeFileSync(folder.at('a'), 'content');
      chmodSync(folder.at('a'), mode);
      await copyAndSum(folder.at('a'), folder.at('b'));
      expect(statSync(folder.at('b')).mode & 0o7777).toBe((mode | 0o600) & 0o666 & ~process.umask());
    },
  );

  it('copyAndSum says which side is missing', async () => {
    writeFileSync(folder.at('a'), 'x');
    await expect(copyAndSum(folder.at('missing'), folder.at('b'))).rejects.toThrow(
      expect.objectContaining({ code: 'not-found', kind: 'input-missing', path: folder.at('missing') }),
    );
    await expect(copyAndSum(folder.at('a'), folder.at('missing/b'))).rejects.toThrow(
      expect.objectContaining({ code: 'cannot-create', kind: 'cannot-create', path: folder.at('missing/b') }),
    );
  });

  it('copyAndSum fails when the source changes meanwhile', async () => {
    writeFileSync(folder.at('a'), randomBytes(3 * MIB));
    let steps = 0;
    const onBytes = () => {
      if (steps++ === 0) appendFileSync(folder.at('a'), 'x');
    };
    await expect(copyAndSum(folder.at('a'), folder.at('b'), { onBytes })).rejects.toThrow(
      expect.objectContaining({ code: 'changed', kind: 'data', path: folder.at('a') }),
    );
  });
});

describe('copyAndUse', () => {
  it('copyAndUse looks into the file that it copied, and leaves what it found', async () => {
    writeFileSync(folder.at('a'), 'content');
    const found = await copyAndUse(folder.at('a'), folder.at('b'), ({ fd, size }, { sha256 }) => {
      const bytes = Buffer.alloc(size);
      readSync(fd, bytes, 0, size, 0);
      return `${bytes} ${sha256}`;
    });
    const { sha256 } = await measureFile(folder.at('b'));
    expect(found).toBe(`content ${sha256}`);
  });

  it('copyAndUse fails when the source changes while it is looked into', async () => {
    writeFileSync(folder.at('a'), 'content');
    const run = copyAndUse(folder.at('a'), folder.at('b'), () =>
      writeFileSync(folder.at('a'), 'longer content'),
    );
    await expect(run).rejects.toThrow(expect.objectContaining({ code: 'changed', path: folder.at('a') }));
  });
});

describe('copyAndSum where the file system shares blocks', () => {
  /** Makes a clone as FICLONE does, by copying. */
  const clone = (from: string, to: string) => copyFile(from, to, constants.COPYFILE_EXCL);

  itWith(
    ['/proc/self/fd'],
    'copyAndSum sums the clone and gives it no more permissions than a new file has, nor than its source',
    async () => {
      const bytes = randomBytes(2 * MIB + 3);
      writeFileSync(folder.at('a'), bytes, { mode: 0o600 });
      let cloned = 0;
      let counted = 0;
      const found = await copyAndSum(folder.at('a'), folder.at('b'), {
        clone: (from, to) => {
          cloned++;
          return clone(from, to);
        },
        onBytes: (count) => {
          counted += count;
        },
      });
      expect(cloned).toBe(1);
      expect(counted).toBe(bytes.length);
      expect(found).toEqual(await measureFile(folder.at('b')));
      expect(Buffer.compare(readFileSync(folder.at('b')), bytes)).toBe(0);
      expect(statSync(folder.at('b')).mode & 0o777).toBe(0o600 & ~process.umask());
    },
  );

  itWith(
    ['/proc/self/fd'],
    'copyAndSum clones the file that is held, whatever has its name by then',
    async () => {
      writeFileSync(folder.at('a'), 'held');
      const run = copyAndSum(folder.at('a'), folder.at('b'), {
        clone: async (from, to) => {
          renameSync(folder.at('a'), folder.at('old'));
          writeFileSync(folder.at('a'), 'fake');
          await clone(from, to);
          expect(readFileSync(to, 'utf8')).toBe('held');
        },
      });
      // It was renamed meanwhile, so it does not count; but at no time was it another file.
      await expect(run).rejects.toThrow(expect.objectContaining({ code: 'changed' }));
      expect(readFileSync(folder.at('b'), 'utf8')).toBe('held');
    },
  );

  itWith(['/proc/self/fd'], 'copyAndSum does not believe a clone that is too short', async () => {
    writeFileSync(folder.at('a'), 'content');
    const run = copyAndSum(folder.at('a'), folder.at('b'), {
      clone: async (_, to) => writeFileSync(to, 'con'),
    });
    await expect(run).rejects.toThrow(expect.objectContaining({ code: 'io', path: folder.at('b') }));
  });

  it('copyAndSum copies when there is no cloning, and still refuses what exists', async () => {
    writeFileSync(folder.at('a'), 'content');
    const none = { clone: () => Promise.reject(new Error('ENOTSUP')) };
    await copyAndSum(folder.at('a'), folder.at('b'), none);
    expect(readFileSync(folder.at('b'), 'utf8')).toBe('content');
    await expect(copyAndSum(folder.at('a'), folder.at('b'), none)).rejects.toThrow(
      expect.objectContaining({ code: 'exists' }),
    );
  });
});
