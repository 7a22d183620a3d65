// SPDX-License-Identifier: Apache-2.0
/** Runs docs/promotion.md as it is written: every block of shell, in one shell, in its order, in an empty folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { itWith } from '../testing/tools.js';
import { blocksOf } from './blocks.js';
import { followPage } from './run-page.js';

const PAGE = 'docs/promotion.md';
const TOOLS = ['ssh-keygen', 'git', 'script', 'qemu-system-x86_64', 'timeout'];
const TIME_LIMIT_SECONDS = 240;

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latticra-promotion-page-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

itWith(
  TOOLS,
  'the page about a release leads an operator who has never done it from an empty folder to eighteen fields and a review',
  async () => {
    const { blocks, status, stdout, stderr } = await followPage(PAGE, {
      scratch,
      timeLimitSeconds: TIME_LIMIT_SECONDS,
    });
    expect(status, stderr.slice(-2000)).toBe(0);
    expect(stderr).toBe('');
    expect(blocks.length).toBeGreaterThan(7);
    // What the page shows of the answers is what came.
    const shown = blocksOf(PAGE).filter(({ language, text }) => language === '' && /^\w+=/.test(text));
    expect(shown).toHaveLength(3);
    for (const { text } of shown) expect(stdout).toContain(`\n${text}`);
    expect(stdout).toMatch(/^next_\d+=artifact_reproducibility_reviewed: latticra-os-image-review-record /m);
    expect(stdout).toMatch(/^iso_cdrom_seabios booted \S+ s$/m);
    expect(stdout).toMatch(/^\[refused\]\n\w+=two\/boot-seed-build-record\.txt: /m);
  },
  (TIME_LIMIT_SECONDS + 60) * 1000,
);
