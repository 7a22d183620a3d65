// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Advance } from './progress.js';
import { createProgress } from './progress.js';

/** What a task draws while a clock that the test holds goes on. */
async function drawn(
  isTerminal: boolean,
  steps: readonly (readonly [at: number, bytes: number, files?: number])[],
  total?: number,
) {
  const folder = mkdtempSync(join(tmpdir(), 'latticra-progress-'));
  const fd = openSync(join(folder, 'terminal'), 'w');
  let time = 5000;
  try {
    const work = async (advance: Advance) => {
      for (const [at, ...done] of steps) {
        time = 5000 + at;
        advance(...done);
      }
      return 'done';
    };
    const progress = createProgress(
      () => isTerminal,
      fd,
      () => time,
    );
    expect(await progress.track('copying', work, total)).toBe('done');
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
    expect(text).toBe('\r\u001b[Kcopying 25%  4 MiB, 2 MiB/s\r\u001b[Kcopying 50%  8 MiB, 2 MiB/s\r\u001b[K');
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
});
