// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asPlainUser, testFolder } from '../test/folder.js';
import { ensureFolder, HeldFileError, stageFolder, withFolderBeside, writeFileAtomic } from './index.js';

const folder = testFolder();
const failure = (code: string, kind: string, text: string) =>
  expect.objectContaining({ code, kind, message: expect.stringContaining(text) });

describe('ensureFolder', () => {
  it('ensureFolder makes what is missing and is content with what is there', async () => {
    await ensureFolder(folder.at('a/b/c'));
    await ensureFolder(folder.at('a/b/c'));
    symlinkSync('a', folder.at('link'));
    await ensureFolder(folder.at('link'));
    expect(statSync(folder.at('a/b/c')).isDirectory()).toBe(true);
  });

  it('ensureFolder says why it cannot make a folder', async () => {
    writeFileSync(folder.at('file'), '');
    mkdirSync(folder.at('sealed'), { mode: 0o555 });
    chmodSync(folder.path, 0o755);
    for (const [name, text] of [
      ['file', 'exists and is not a folder'],
      ['file/below', 'a part of the path is not a folder (ENOTDIR)'],
      ['sealed/a', 'permission denied (EACCES)'],
      ['n'.repeat(256), 'name too long (ENAMETOOLONG)'],
    ] as const) {
      await expect(asPlainUser(() => ensureFolder(folder.at(name)))).rejects.toThrow(
        failure('cannot-create', 'cannot-create', `${folder.at(name)}: ${text}`),
      );
    }
  });
});

describe('stageFolder', () => {
  it('stageFolder shows the folder only when it is whole', async () => {
    const target = folder.at('new/bundle');
    const result = await stageFolder(target, async (staging) => {
      expect(dirname(staging)).toBe(dirname(target));
      expect(statSync(staging).mode & 0o777).toBe(0o700);
      await mkdir(join(staging, 'sub'));
      await writeFileAtomic(join(staging, 'sub/a'), 'a');
      expect(readdirSync(dirname(target))).toHaveLength(1);
      expect(() => statSync(target)).toThrow();
      return 42;
    });
    expect(result).toBe(42);
    expect(readFileSync(join(target, 'sub/a'), 'utf8')).toBe('a');
    expect(readdirSync(dirname(target))).toEqual(['bundle']);
    expect(statSync(target).mode & 0o777).toBe(0o777 & ~process.umask());
  });

  it.each([
    ['an error of the caller', new RangeError('of the caller')],
    ['a reasoned one', new HeldFileError('changed', 'a.iso', 'changed', { cause: new Error() })],
  ])('stageFolder leaves nothing when filling the folder ends in %s', async (_, error) => {
    const run = stageFolder(folder.at('new/deep/bundle'), async (staging) => {
      await writeFile(join(staging, 'a'), 'a');
      throw error;
    });
    await expect(run).rejects.toBe(error);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('stageFolder takes away only what it made', async () => {
    mkdirSync(folder.at('there'));
    const run = stageFolder(folder.at('there/mine/bundle'), async () => {
      writeFileSync(folder.at('there/mine/somebody-elses'), '');
      throw new RangeError();
    });
    await expect(run).rejects.toThrow(RangeError);
    expect(readdirSync(folder.at('there/mine'))).toEqual(['somebody-elses']);
  });

  it.runIf(process.platform === 'linux')(
    'a mount point is refused before any work for it, with what to name instead',
    async () => {
      await expect(stageFolder('/proc', () => expect.unreachable())).rejects.toMatchObject({
        code: 'cannot-create',
        message: '/proc: is a file system of its own, as a mount point is, and nothing can take its place',
        fix: 'name a new folder in it, or elsewhere',
      });
    },
  );

  it('stageFolder replaces an empty folder', async () => {
    mkdirSync(folder.at('bundle'));
    await stageFolder(folder.at('bundle'), (staging) => writeFile(join(staging, 'a'), ''));
    expect(readdirSync(folder.at('bundle'))).toEqual(['a']);
  });

  it('stageFolder refuses, before any work, a target that is something', async () => {
    mkdirSync(folder.at('full'));
    writeFileSync(folder.at('full/old'), '');
    writeFileSync(folder.at('file'), '');
    mkdirSync(folder.at('empty'));
    symlinkSync('empty', folder.at('link'));
    symlinkSync('nowhere', folder.at('dangling'));
    const names = readdirSync(folder.path);
    for (const [name, text] of [
      ['full', 'not empty'],
      ['file', 'not a folder'],
      ['link', 'not a folder'],
      ['dangling', 'not a folder'],
    ] as const) {
      const run = stageFolder(folder.at(name), async () => expect.unreachable());
      await expect(run).rejects.toThrow(failure('exists', 'cannot-create', text));
    }
    const below = stageFolder(folder.at('file/below'), async () => expect.unreachable());
    await expect(below).rejects.toThrow(failure('cannot-create', 'cannot-create', 'not a folder'));
    expect(readdirSync(folder.path)).toEqual(names);
    expect(readdirSync(folder.at('full'))).toEqual(['old']);
  });

  it('stageFolder lets one of two runs win, whole', async () => {
    const stage = (name: string) =>
      stageFolder(folder.at('bundle'), async (staging) => {
        await writeFile(join(staging, name), name);
        await writeFile(join(staging, `${name}2`), name);
      });
    const results = await Promise.allSettled([stage('a'), stage('b')]);
    const lost = results.filter((result) => result.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toMatchObject({ code: 'exists', kind: 'cannot-create' });
    const winner = results[0]?.status === 'fulfilled' ? 'a' : 'b';
    expect(readdirSync(folder.at('bundle')).sort()).toEqual([winner, `${winner}2`]);
    expect(readdirSync(folder.path)).toEqual(['bundle']);
  });

  it('stageFolder does not overwrite what appeared meanwhile', async () => {
    const run = stageFolder(folder.at('bundle'), async () => {
      writeFileSync(folder.at('bundle'), 'somebody else');
    });
    await expect(run).rejects.toThrow(HeldFileError);
    expect(readFileSync(folder.at('bundle'), 'utf8')).toBe('somebody else');
    expect(readdirSync(folder.path)).toEqual(['bundle']);
  });

  it('stageFolder takes a long name in another script', async () => {
    const name = '漢'.repeat(85);
    await stageFolder(folder.at(name), async () => undefined);
    expect(readdirSync(folder.path)).toEqual([name]);
  });

  it('stageFolder says that the folder may not be made there', async () => {
    mkdirSync(folder.at('sealed'), { mode: 0o555 });
    chmodSync(folder.path, 0o755);
    const run = asPlainUser(() => stageFolder(folder.at('sealed/bundle'), async () => undefined));
    await expect(run).rejects.toThrow(failure('cannot-create', 'cannot-create', 'permission denied'));
  });
});

describe('a folder beside another', () => {
  it('a folder beside another is private, and is gone with what is left in it, and with the folders that were made for it', async () => {
    const seen = await withFolderBeside(folder.at('new/out'), async (beside = '') => {
      writeFileSync(join(beside, 'file'), 'content');
      return [dirname(beside), statSync(beside).mode & 0o777];
    });
    expect(seen).toEqual([folder.at('new'), 0o700]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('a file that was moved out of a folder beside another stays, with the folders on the way to it', async () => {
    await withFolderBeside(folder.at('new/out'), async (beside = '') => {
      writeFileSync(join(beside, 'file'), 'content');
      renameSync(join(beside, 'file'), folder.at('new/file'));
    });
    expect(readdirSync(folder.at('new'))).toEqual(['file']);
  });

  it('a folder beside another is gone when the work fails, there is none where none may be made, and what else fails is told', async () => {
    const failure = new Error('no');
    await expect(
      withFolderBeside(folder.at('out'), async () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(readdirSync(folder.path)).toEqual([]);
    writeFileSync(folder.at('file'), '');
    await expect(withFolderBeside(folder.at('file/out'), async (beside) => beside)).rejects.toThrow(
      'exists and is not a folder',
    );
    mkdirSync(folder.at('sealed'), { mode: 0o555 });
    chmodSync(folder.path, 0o755);
    expect(
      await asPlainUser(() => withFolderBeside(folder.at('sealed/out'), async (beside) => [beside])),
    ).toEqual([undefined]);
    expect(readdirSync(folder.at('sealed'))).toEqual([]);
  });

  it('a folder beside another that cannot be removed is told to who asked for it, and what was done stands', async () => {
    const left: string[] = [];
    chmodSync(folder.path, 0o777);
    const seen = await asPlainUser(() =>
      withFolderBeside(
        folder.at('out'),
        async (beside = '') => {
          mkdirSync(join(beside, 'sealed'));
          writeFileSync(join(beside, 'sealed/file'), 'content');
          chmodSync(join(beside, 'sealed'), 0o555);
          return beside;
        },
        (beside) => void left.push(beside),
      ),
    );
    expect(left).toEqual([seen]);
    expect(readdirSync(`${seen}/sealed`)).toEqual(['file']);
    await withFolderBeside(
      folder.at('out'),
      async () => undefined,
      (beside) => void left.push(beside),
    );
    expect(left).toEqual([seen]);
  });

  it('a folder beside a link lies beside what that leads to', async () => {
    mkdirSync(folder.at('far/out'), { recursive: true });
    symlinkSync('far/out', folder.at('out'));
    const seen = await withFolderBeside(folder.at('out'), async (beside = '') => dirname(beside));
    expect(seen).toBe(folder.at('far'));
  });
});
