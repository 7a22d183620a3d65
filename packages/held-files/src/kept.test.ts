// SPDX-License-Identifier: Apache-2.0
import {
  appendFileSync,
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { copyAndUse, KeptMeasurements, measureFile } from './index.js';

const folder = testFolder();
const MIB = 1 << 20;
const content = Buffer.alloc(MIB + 5, 'some content ');

let kept: KeptMeasurements;
beforeEach(() => {
  kept = new KeptMeasurements();
  writeFileSync(folder.at('a'), content);
});
afterEach(() => kept.close());

/** Measures a file with what is kept, and returns the digest and whether anything was read for it. */
async function again(path = folder.at('a')) {
  let isKnown = false;
  const opened = openSync(path, 'r');
  try {
    isKnown = kept.of({ fd: opened }) !== undefined;
  } finally {
    closeSync(opened);
  }
  const { sha256, path: named } = await measureFile(path, { known: kept });
  expect(named).toBe(path);
  expect(sha256).toBe((await measureFile(path)).sha256);
  return isKnown;
}

/** Descriptors of this process. */
const open = () => readdirSync('/proc/self/fd').length;

it('a file that is as it was is known, by whatever name it is opened, and one that looks the same is not', async () => {
  await measureFile(folder.at('a'), { keep: kept });
  linkSync(folder.at('a'), folder.at('other'));
  // A link is a change of the file, as its time tells.
  expect(await again()).toBe(false);
  await measureFile(folder.at('a'), { keep: kept });
  expect([await again(), await again(folder.at('other'))]).toEqual([true, true]);
  writeFileSync(folder.at('same'), content);
  expect(await again(folder.at('same'))).toBe(false);
});

describe('a file that is kept', () => {
  const { mtime, atime } = { mtime: new Date(1e12), atime: new Date(1e12) };
  it.each<[string, (path: string) => void]>([
    ['was written to in one place', (path) => withFd(path, (fd) => writeSync(fd, 'X', 7))],
    ['became longer', (path) => appendFileSync(path, 'more')],
    ['became shorter', (path) => truncateSync(path, MIB)],
    [
      'got back its time of writing',
      (path) => {
        withFd(path, (fd) => writeSync(fd, 'X', 7));
        utimesSync(path, atime, mtime);
      },
    ],
    [
      'was replaced by another',
      (path) => {
        writeFileSync(`${path}.new`, Buffer.alloc(content.length, 'Y'));
        utimesSync(`${path}.new`, atime, mtime);
        renameSync(`${path}.new`, path);
      },
    ],
    [
      'was removed and made anew',
      (path) => {
        rmSync(path);
        writeFileSync(path, Buffer.alloc(content.length, 'Y'));
      },
    ],
  ])('a file that is kept is read again when it %s', async (_, change) => {
    utimesSync(folder.at('a'), atime, mtime);
    const before = await measureFile(folder.at('a'), { keep: kept });
    expect(await again()).toBe(true);
    change(folder.at('a'));
    expect(await again()).toBe(false);
    expect((await measureFile(folder.at('a'), { known: kept })).sha256).not.toBe(before.sha256);
  });
});

it('a file that was written to a moment ago is kept only after a tick of the clock, in which a write cannot hide', async () => {
  for (let round = 0; round < 20; round++) {
    writeFileSync(folder.at('a'), content);
    const before = await measureFile(folder.at('a'), { keep: kept });
    withFd(folder.at('a'), (fd) => writeSync(fd, `${round}`, 0));
    expect((await measureFile(folder.at('a'), { known: kept })).sha256).not.toBe(before.sha256);
  }
});

it('a file whose times are whole seconds of a moment ago is not kept', async () => {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000);
  utimesSync(folder.at('a'), now, now);
  const stats = statSync(folder.at('a'), { bigint: true });
  const fd = openSync(folder.at('a'), 'r');
  const measurement = await measureFile(folder.at('a'));
  const file = { path: folder.at('a'), fd, size: content.length };
  const whole = Object.assign(Object.create(Object.getPrototypeOf(stats)), stats, { ctimeNs: stats.mtimeNs });
  await kept.keep(file, whole, async () => measurement);
  const future = { ...stats, ctimeNs: stats.ctimeNs + 3_600_000_000_001n };
  await kept.keep(
    file,
    Object.assign(Object.create(Object.getPrototypeOf(stats)), future),
    async () => measurement,
  );
  closeSync(fd);
  expect(await again()).toBe(false);
});

it('a file that changed while it was measured is not kept', async () => {
  const work = measureFile(folder.at('a'), {
    keep: kept,
    onBytes: () => withFd(folder.at('a'), (fd) => writeSync(fd, 'X', 0)),
  });
  await expect(work).rejects.toMatchObject({ code: 'changed' });
  expect(await again()).toBe(false);
});

it('a small file is not kept, and one is not known by a hash that was not asked for', async () => {
  writeFileSync(folder.at('small'), 'small');
  await measureFile(folder.at('small'), { keep: kept });
  expect(await again(folder.at('small'))).toBe(false);
  await measureFile(folder.at('a'), { keep: kept });
  const { sha512, sha1 } = await measureFile(folder.at('a'), { known: kept, sha512: true, sha1: true });
  expect([sha512.length, sha1.length]).toEqual([128, 40]);
});

it('a known file counts as read, and whoever looks at its bytes is shown them', async () => {
  await measureFile(folder.at('a'), { keep: kept });
  let [counted, shown] = [0, 0];
  await measureFile(folder.at('a'), { known: kept, onBytes: (count) => (counted += count) });
  await measureFile(folder.at('a'), {
    known: kept,
    async onChunk(bytes) {
      shown += bytes.length;
    },
  });
  expect([counted, shown]).toEqual([content.length, content.length]);
});

describe('a copy', () => {
  const copied = () =>
    copyAndUse(folder.at('a'), folder.at('copy'), (_, measurement) => measurement, { keep: kept });

  it('a copy is kept with what it was copied from, and keeps that under a new name', async () => {
    await copied();
    expect([await again(), await again(folder.at('copy'))]).toEqual([true, true]);
    expect(kept.rename(folder.at('copy'), folder.at('named'))).toBe(true);
    expect([existsSync(folder.at('copy')), await again(folder.at('named'))]).toEqual([false, true]);
    expect(readFileSync(folder.at('named')).equals(content)).toBe(true);
  });

  it('a copy that was written to is not renamed, nor is a file that nobody kept', async () => {
    await copied();
    withFd(folder.at('copy'), (fd) => writeSync(fd, 'X', 0));
    writeFileSync(folder.at('other'), content);
    expect(kept.rename(folder.at('copy'), folder.at('named'))).toBe(false);
    expect(kept.rename(folder.at('other'), folder.at('named'))).toBe(false);
    expect(existsSync(folder.at('named'))).toBe(false);
  });

  it('a name in a folder that is not there is told with the reason', async () => {
    await copied();
    expect(() => kept.rename(folder.at('copy'), folder.at('no/named'))).toThrow(/no\/named: no such file/);
  });
});

it('no more files are held than there is room for, and none when all is closed', async () => {
  const before = open();
  for (let index = 0; index < 66; index++) {
    writeFileSync(folder.at(`${index}`), content);
    await measureFile(folder.at(`${index}`), { keep: kept });
  }
  expect(open() - before).toBe(64);
  expect(await again(folder.at('65'))).toBe(false);
  kept.close();
  expect(open()).toBe(before);
  expect(await again(folder.at('1'))).toBe(false);
});

function withFd(path: string, use: (fd: number) => void): void {
  const fd = openSync(path, 'r+');
  use(fd);
  closeSync(fd);
}
