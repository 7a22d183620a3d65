// SPDX-License-Identifier: Apache-2.0
/** What the page of every library says of its size; `SIZES=write` has it written as it is, `pnpm pack-check` knows the other half. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './blocks.js';
import { SIZE_LINE } from './size-line.mjs';
import { bundledBytes } from './sizes.js';

/** By how much a size may have changed before the page has to say it. */
const TOLERANCE = 0.15;

it.each(readdirSync(join(ROOT, 'packages')))(
  'the page of packages/%s says how large its main entry is in a bundle',
  async (folder) => {
    const page = join(ROOT, 'packages', folder, 'README.md');
    const kilobytes = Math.max(1, Math.round((await bundledBytes(folder)) / 1000));
    const text = readFileSync(page, 'utf8');
    if (process.env.SIZES === 'write')
      writeFileSync(
        page,
        text.replace(SIZE_LINE, (_, unpacked) => `Size: ${unpacked} kB unpacked, ${kilobytes} kB`),
      );
    const [, , said] = SIZE_LINE.exec(readFileSync(page, 'utf8')) ?? [];
    expect(said).toBeDefined();
    expect(Math.abs(Number(said) - kilobytes)).toBeLessThanOrEqual(Math.max(1, kilobytes * TOLERANCE));
  },
);
