// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Advance, Progress, Total } from './progress.js';
import { createProgress } from './progress.js';

/** What a task draws while a clock that the test holds goes on. */
async function drawn(
  isTerminal: boolean,
  steps: readonly (readonly [at: number, bytes: number, files?: number])[],
  total?: Total,
  label = 'copying',
) {
  let time = 5000;
  return screen(
    isTerminal,
    async (progress) => {
      const work = async (advance: Advance) => {
        for (const [at, ...done] of steps) {
          time = 5000 + at;
          advance(...done);
        }
        return 'done';
      };
      expect(await progress.track(label, work, total)).toBe('done');
    },
    () => time,
  );
}

/** What is written to a terminal while `use` uses its progress. */
async function screen(
  isTerminal: boolean,
  use: (progress: Progress) => Promise<void>,
  now = () => Date.now(),
) {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-progress-'));
  const fd = openSync(join(folder, 'terminal'), 'w');
  try {
    await use(createProgress(() => isTerminal, fd, now));
    return readFileSync(join(folder, 'terminal'), 'utf8');
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

const MIB = 2 ** 20;

describe('progress', () => {
  it('work of more than a second is drawn on a terminal, and then wiped away', async () => {
    const text = await drawn(
      true,
      [
        [500, MIB],
        [2000, 3 * MIB],
        [2050, MIB],
        [4000, 3 * MIB],
      ],
      16 * MIB,
    );
    expect(text).toBe(
      '\r\u001b[Kcopying 25%  4 MiB, 2 MiB/s, 6 s left\r\u001b[Kcopying 50%  8 MiB, 2 MiB/s, 4 s left\r\u001b[K',
    );
  });

  it('what tells the whole is asked once, and only where something is shown', async () => {
    const ask = vi.fn(() => 8 * MIB);
    const steps = [
      [500, MIB],
      [2000, 3 * MIB],
      [4000, 2 * MIB],
    ] as const;
    expect(await drawn(true, steps, ask)).toBe(
      '\r\u001b[Kcopying 50%  4 MiB, 2 MiB/s, 2 s left\r\u001b[Kcopying 75%  6 MiB, 2 MiB/s, 2 s left\r\u001b[K',
    );
    expect(ask).toHaveBeenCalledTimes(1);
    await drawn(false, steps, ask);
    await drawn(true, [[500, MIB]], ask);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('one of two that go on at once has the line, until it is done or says nothing for a second', async () => {
    let time = 0;
    const at = (ms: number, advance: Advance) => {
      time = ms;
      advance(MIB);
    };
    const text = await screen(
      true,
      async (progress) => {
        const held: Advance[] = [];
        const ends: (() => void)[] = [];
        const hold = (advance: Advance) => {
          held.push(advance);
          return new Promise<void>((resolve) => ends.push(resolve));
        };
        const both = ['one', 'two'].map((label) => progress.track(label, hold, undefined));
        const [one, two] = held;
        if (one === undefined || two === undefined) throw new Error('both were begun');
        at(1500, one);
        at(1600, two);
        at(1700, one);
        at(2600, two);
        at(2750, two);
        at(2800, one);
        ends[1]?.();
        await both[1];
        at(2900, one);
        ends[0]?.();
        await both[0];
      },
      () => time,
    );
    const labels = text.split('\r\u001b[K').map((line) => line.split(' ')[0]);
    expect(labels).toEqual(['', 'one', 'one', 'two', '', 'one', '']);
  });

  it('progress shows no share of a whole that turned out larger', async () => {
    expect(await drawn(true, [[2000, 4 * MIB]], 2 * MIB)).toBe('\r\u001b[Kcopying  4 MiB, 2 MiB/s\r\u001b[K');
  });

  it('progress shows no share of an unknown whole', async () => {
    expect(await drawn(true, [[2000, 4 * MIB]])).toBe('\r\u001b[Kcopying  4 MiB, 2 MiB/s\r\u001b[K');
  });

  it('progress counts files, the empty ones too', async () => {
    const steps = [
      [500, 4 * MIB, 256],
      [2000, 0, 256],
    ] as const;
    expect(await drawn(true, steps)).toBe('\r\u001b[Kcopying  512 files, 4 MiB, 2 MiB/s\r\u001b[K');
  });

  it('progress is silent for quick work, and where nobody is looking', async () => {
    expect(await drawn(true, [[999, MIB]], MIB)).toBe('');
    expect(await drawn(false, [[9000, MIB]], MIB)).toBe('');
  });

  it('progress of hours is told in minutes, and a long label by its end, on one narrow line', async () => {
    const long = `copying ${'folder/'.repeat(20)}disk.raw`;
    const text = await drawn(true, [[2000, MIB]], 4096 * MIB, long);
    expect(text).toMatch(/^\r\u001b\[K…[^\r]*disk\.raw 0% {2}1 MiB, 1 MiB\/s, 136 min 30 s left\r/);
    expect(text.split('\r')[1]?.length).toBeLessThan(83);
  });

  it('work that can only be waited for is told by the time it took, on a terminal alone', async () => {
    vi.useFakeTimers();
    try {
      for (const isTerminal of [true, false]) {
        const text = await screen(isTerminal, async (progress) => {
          const work = () => new Promise((end) => setTimeout(end, 2500));
          const waiting = progress.wait('booting', work, 90_000);
          await vi.advanceTimersByTimeAsync(2500);
          await waiting;
        });
        const limit = 'of at most 1 min 30 s';
        const lines = `\r\u001b[Kbooting  1 s ${limit}\r\u001b[Kbooting  2 s ${limit}\r\u001b[K`;
        expect(text).toBe(isTerminal ? lines : '');
      }
    } finally {
      vi.useRealTimers();
    }
  });
});
