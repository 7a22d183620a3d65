// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';
import { bundledPackages, formatNotices, NOTICES } from './notices.mjs';

/**
 * Writes the notices of a project into `dist`, beside its bundle, and esbuild's account of the bundle below the workspace's
 * `build/metafiles`, where `pnpm pack-check` finds it.
 * @param bundle the project's name
 * @param cwd the project's folder
 */
export function writeNotices(metafile: Metafile, bundle: string, cwd: string): void {
  const metafiles = join(cwd, '../../build/metafiles', basename(dirname(cwd)));
  mkdirSync(metafiles, { recursive: true });
  writeFileSync(join(metafiles, `${basename(cwd)}.json`), JSON.stringify(metafile));
  mkdirSync(join(cwd, 'dist'), { recursive: true });
  writeFileSync(join(cwd, 'dist', NOTICES), formatNotices(bundle, bundledPackages(metafile, cwd)));
}

/** Makes the plugin that writes the notices of a project when it is bundled, see {@link writeNotices}. */
export function noticesPlugin(bundle: string, cwd: string): Plugin {
  return {
    name: 'latticra-notices',
    setup({ onEnd }) {
      onEnd(({ metafile, errors }) => {
        if (errors.length > 0) return;
        if (metafile === undefined) throw new Error('expected a metafile of the bundle');
        writeNotices(metafile, bundle, cwd);
      });
    },
  };
}
