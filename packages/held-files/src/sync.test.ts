// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { createEarlySync, nameDurably } from './sync.js';

const MIB = 1 << 20;
const folder = testFolder();

it('the disk is set to work for every 64 MiB, one time after the other, and nothing waits for the first', async () => {
  const begun: (() => void)[] = [];
  const early = createEarlySync({ datasync: () => new Promise((resolve) => begun.push(resolve)) });
  await early.reached(63 * MIB);
  expect(begun.length).toBe(0);
  await early.reached(64 * MIB);
  await early.reached(127 * MIB);
  expect(begun.length).toBe(1);
  const second = early.reached(128 * MIB);
  await setImmediate();
  expect(begun.length).toBe(1);
  begun[0]?.();
  await second;
  expect(begun.length).toBe(2);
  begun[1]?.();
  await early.settle();
});

it('a disk that fails meanwhile is told where it is waited for, and nowhere else', async () => {
  const early = createEarlySync({ datasync: () => Promise.reject(new Error('EIO')) });
  await early.reached(64 * MIB);
  await setImmediate();
  await expect(early.settle()).rejects.toThrow('EIO');
});

it('a file gets a name that nothing has, on a file system without hard links as well', async () => {
  const none = () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' }));
  for (const makeLink of [undefined, none]) {
    const [from, to] = [folder.at('from'), folder.at(makeLink === undefined ? 'linked' : 'renamed')];
    writeFileSync(from, 'new');
    await nameDurably(from, to, makeLink);
    expect([existsSync(from), readFileSync(to, 'utf8')]).toEqual([false, 'new']);
    writeFileSync(from, 'newer');
    await expect(nameDurably(from, to, makeLink)).rejects.toMatchObject({ code: 'EEXIST' });
    expect([readFileSync(from, 'utf8'), readFileSync(to, 'utf8')]).toEqual(['newer', 'new']);
  }
});

it('a name that cannot be made is told as the system says it', async () => {
  const full = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  writeFileSync(folder.at('from'), 'new');
  await expect(nameDurably(folder.at('from'), folder.at('to'), full)).rejects.toMatchObject({
    code: 'ENOSPC',
  });
});
