// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createEarlySync } from './sync.js';

const MIB = 1 << 20;

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
