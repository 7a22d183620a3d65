// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * The plugin for a library's build: where `x.installed.ts` lies beside `x.ts`, it takes the place of that. A command carries
 * all that it uses, a library finds it installed beside itself.
 */
export const installedPlugin: Plugin = {
  name: 'latticra-installed',
  setup(bundler) {
    bundler.onResolve({ filter: /^\..*\.js$/ }, ({ path, resolveDir, importer }) => {
      const file = resolve(resolveDir, path.replace(/\.js$/, '.installed.ts'));
      return existsSync(file) && importer !== file ? { path: file } : undefined;
    });
  },
};
