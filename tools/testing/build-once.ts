// SPDX-License-Identifier: Apache-2.0
/** Bundles are made once in a run of the whole suite, whichever test file wants one first. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The variable with the folder of a run; without it every file makes its own, so that nothing is older than its sources. */
const BUILDS = 'LATTICRA_TEST_BUILDS';

/** Gives a run its folder, for vitest's `globalSetup`. Returns what takes it away again. */
export default function setUp(): () => void {
  // Each project of a run is set up, and one folder serves them all.
  if (process.env[BUILDS] !== undefined) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'latticra-builds-'));
  process.env[BUILDS] = folder;
  return () => {
    delete process.env[BUILDS];
    rmSync(folder, { recursive: true, force: true });
  };
}

/**
 * Fills a folder with what `build` writes into one, or with a copy of what it wrote for the same key in this run.
 * @param key all that the result depends on beside the sources
 */
export async function buildOnce(
  key: string,
  folder: string,
  build: (folder: string) => Promise<unknown>,
): Promise<void> {
  const shared = process.env[BUILDS];
  if (shared === undefined) {
    await build(folder);
    return;
  }
  const kept = join(shared, createHash('sha256').update(key).digest('hex').slice(0, 16));
  if (!existsSync(kept)) {
    const making = mkdtempSync(join(shared, 'making-'));
    await build(making);
    try {
      renameSync(making, kept);
    } catch (error) {
      // Two files at once: the other was first.
      if (!existsSync(kept)) throw error;
      rmSync(making, { recursive: true });
    }
  }
  cpSync(kept, folder, { recursive: true });
}
