// SPDX-License-Identifier: Apache-2.0
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleApp } from '../command/bundle.js';
import { whyNotBuilt } from '../release/built.mjs';

// By its own path: whoever imports this reaches the apps, and not the whole workspace.
const APPS = fileURLToPath(new URL('../../apps', import.meta.url));

/**
 * Copies what the build made of an app into `dist`, but for the maps, where that is of the sources as they are.
 * @param known digests of files that were read already, where several apps are looked at
 * @returns whether it is
 */
export function copyBuilt(app: string, dist: string, known?: Map<string, string>): boolean {
  if (whyNotBuilt(dirname(APPS), `apps/${app}`, known) !== undefined) return false;
  cpSync(join(APPS, app, 'dist'), dist, {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  return true;
}

/** Lays an app into `dist`, as its build makes it. */
export async function layApp(app: string, dist: string): Promise<void> {
  if (!copyBuilt(app, dist)) await bundleApp(join(APPS, app), dist);
}
