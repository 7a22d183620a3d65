// SPDX-License-Identifier: Apache-2.0
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { testFolder } from '../test/folder.js';
import { testScript } from '../test/process.js';
import {
  isHalfWritten,
  REMAINS_CHANNEL,
  remainsIn,
  stageFolder,
  withFolderBeside,
  withSmallFolders,
  writeFileAtomic,
} from './index.js';

const NEW = 'n'.repeat(3 << 16);
const folder = testFolder();
const script = testScript();
/** The system calls that rename, which have other names on other machines. */
const RENAME = '?rename,?renameat,?renameat2';

/** Returns the content of the file, and how many others lie beside it. */
const outcome = () => ({
  content: readFileSync(folder.at('a'), 'utf8'),
  others: readdirSync(folder.path).length - 1,
});

describe('a process that ends in the middle of writing', () => {
  it('a process that exits in the middle of writing leaves the old file, and nothing beside it', () => {
    writeFileSync(folder.at('a'), 'old');
    expect(script.run('write-exit', folder.at('a')).status).toBe(3);
    expect(outcome()).toEqual({ content: 'old', others: 0 });
  });

  it('a process that is killed in the middle of writing leaves the old file', () => {
    writeFileSync(folder.at('a'), 'old');
    expect(script.run('write-kill', folder.at('a')).signal).toBe('SIGKILL');
    expect(outcome().content).toBe('old');
  });

  it('a process that exits while it stages a folder leaves nothing, not even the folders above', () => {
    expect(script.run('stage-exit', folder.at('x/y/bundle')).status).toBe(3);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('a process that exits while it works in a temporary folder leaves nothing', () => {
    expect(script.run('temporary-exit', folder.at('work')).status).toBe(3);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('a process that is killed while it stages a folder leaves no folder of that name', () => {
    expect(script.run('stage-kill', folder.at('bundle')).signal).toBe('SIGKILL');
    expect(readdirSync(folder.path)).not.toContain('bundle');
  });

  it('what a killed process left is listed by the next, with the process that began it, and told where the same is written again', async () => {
    script.run('stage-kill', folder.at('bundle'));
    script.run('write-kill', folder.at('a'));
    const [staging, file] = readdirSync(folder.path).sort((one, other) => other.length - one.length);
    const found = remainsIn(folder.path);
    expect(found.map(({ path }) => path).sort()).toEqual(
      [folder.at(file ?? ''), folder.at(staging ?? '')].sort(),
    );
    for (const { isGone, process: maker, path } of found) {
      expect([isGone, path.includes(`.${maker}-`)]).toEqual([true, true]);
    }
    expect(remainsIn(folder.path, 'bundl')).toEqual([]);
    const told: unknown[] = [];
    const listen = (message: unknown) => void told.push(message);
    subscribe(REMAINS_CHANNEL, listen);
    try {
      await stageFolder(folder.at('bundle'), async () => undefined);
      expect(told).toEqual(remainsIn(folder.path, 'bundle'));
      await writeFileAtomic(folder.at('a'), 'a');
      expect(told).toEqual([...remainsIn(folder.path, 'bundle'), ...remainsIn(folder.path, 'a')]);
      await withFolderBeside(folder.at('bundle'), async () => undefined);
      await withSmallFolders(folder.path, async () => undefined);
      expect(told.length).toBe(5);
    } finally {
      unsubscribe(REMAINS_CHANNEL, listen);
    }
  });

  it('what a process that runs is at is listed as that, is told to nobody, and what this process is at is not listed', async () => {
    const [own, theirs, old] = [process.pid, process.ppid, 0x3fffff].map(
      (pid) => `.bundle.${pid}-0123456789ab.staging`,
    );
    for (const name of [own, theirs, old]) mkdirSync(folder.at(name ?? ''));
    for (const name of [
      '.bundle.staging',
      '.bundle.0123456789ab.staging',
      'x.1-0123456789ab.tmp',
      '.bundle',
    ]) {
      writeFileSync(folder.at(name), '');
    }
    const told: unknown[] = [];
    const listen = (message: unknown) => void told.push(message);
    subscribe(REMAINS_CHANNEL, listen);
    try {
      const during = await stageFolder(folder.at('bundle'), async () => remainsIn(folder.path));
      expect(during.map(({ path, isGone }) => [path, isGone]).sort()).toEqual(
        [
          [folder.at(own ?? ''), true],
          [folder.at(theirs ?? ''), false],
          [folder.at(old ?? ''), true],
        ].sort(),
      );
      expect(told).toEqual(during.filter(({ isGone }) => isGone));
    } finally {
      unsubscribe(REMAINS_CHANNEL, listen);
    }
    expect(['.a.7-0123456789ab.tmp', '.a\n.b.7-0123456789ab.staging'].every(isHalfWritten)).toBe(true);
    expect(
      ['a', '.a.0123456789ab.tmp', '.a.7-0123456789ab.txt', '.7-0123456789ab.tmp'].some(isHalfWritten),
    ).toBe(false);
  });

  const STEPS: [string, string, string][] = [
    ['before the first write', 'pwrite64:signal=SIGKILL:when=1', 'old'],
    ['before the last write', 'pwrite64:signal=SIGKILL:when=3', 'old'],
    ['before the length is set', 'ftruncate:signal=SIGKILL:when=1', 'old'],
    ['before the file is synced', 'fsync:signal=SIGKILL:when=1', 'old'],
    ['before the rename', `${RENAME}:error=EINTR:signal=SIGKILL:when=1`, 'old'],
    ['before the folder is synced', 'fsync:signal=SIGKILL:when=2', NEW],
  ];
  for (const [step, injection, content] of STEPS) {
    itWith(['strace'], `a process killed ${step} leaves one whole file`, () => {
      writeFileSync(folder.at('a'), 'old');
      const { stdout } = script.runWithFault(injection, 'write', folder.at('a'));
      expect(stdout).toBe('');
      expect(outcome().content).toBe(content);
    });
  }
});

describe('a system call that fails while writing', () => {
  itWith(['strace'], 'a run in which no system call fails writes the file', () => {
    writeFileSync(folder.at('a'), 'old');
    expect(script.runWithFault('pwrite64:error=EIO:when=99', 'write', folder.at('a')).stdout).toBe('done\n');
    expect(outcome()).toEqual({ content: NEW, others: 0 });
  });

  const FAULTS: [string, string, string, string][] = [
    ['a full disk', 'pwrite64:error=ENOSPC:when=2', 'io io', 'no space left on the device (ENOSPC)'],
    ['a used-up quota', 'pwrite64:error=EDQUOT:when=1', 'io io', 'disk quota exceeded (EDQUOT)'],
    ['a file size limit', 'ftruncate:error=EFBIG:when=1', 'io io', 'file size limit exceeded (EFBIG)'],
    ['a bad sector', 'fsync:error=EIO:when=1', 'io io', 'input/output error (EIO)'],
    ['a read-only disk', `${RENAME}:error=EROFS:when=1`, 'cannot-create cannot-create', '(EROFS)'],
  ];
  for (const [fault, injection, code, text] of FAULTS) {
    itWith(
      ['strace'],
      `${fault} is told with a reason, and leaves the old file and nothing beside it`,
      () => {
        writeFileSync(folder.at('a'), 'old');
        const { stdout } = script.runWithFault(injection, 'write', folder.at('a'));
        expect(stdout).toContain(`${code}: ${folder.at('a')}: `);
        expect(stdout).toContain(text);
        expect(outcome()).toEqual({ content: 'old', others: 0 });
      },
    );
  }

  itWith(['strace'], 'a folder that cannot be made is told with what the system says of it', () => {
    for (const [errno, text] of [
      ['ENOSPC', 'io io: .*new: no space left on the device'],
      ['EIO', 'io io: .*new: input/output error'],
      ['EROFS', 'cannot-create cannot-create: .*new: read-only file system'],
    ]) {
      const { stdout } = script.runWithFault(`?mkdir,?mkdirat:error=${errno}`, 'folder', folder.at('new'));
      expect(stdout).toMatch(new RegExp(`^${text} \\(${errno}\\)`));
    }
  });

  itWith(
    ['strace'],
    'a folder that does not sync is told with a reason, although the new file is there',
    () => {
      writeFileSync(folder.at('a'), 'old');
      const { stdout } = script.runWithFault('fsync:error=EIO:when=2', 'write', folder.at('a'));
      expect(stdout).toContain('input/output error (EIO)');
      expect(outcome()).toEqual({ content: NEW, others: 0 });
    },
  );

  itWith(['strace'], 'a file system that has no way to sync a folder is no failure', () => {
    expect(script.runWithFault('fsync:error=EINVAL:when=2', 'write', folder.at('a')).stdout).toBe('done\n');
    expect(outcome()).toEqual({ content: NEW, others: 0 });
  });
});
