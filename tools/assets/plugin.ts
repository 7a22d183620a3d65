// SPDX-License-Identifier: Apache-2.0
/**
 * Files that a package carries inside its code, so that one bundled file is all an app needs:
 * `.S`, `.toml` and `.md` arrive as text, `.bin`, `.elf` and `.wasm` as bytes. tsup (esbuild) and vitest (vite)
 * read this one table.
 */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

const KIND: Record<string, 'text' | 'binary'> = {
  '.S': 'text',
  '.toml': 'text',
  '.md': 'text',
  '.bin': 'binary',
  '.elf': 'binary',
  '.wasm': 'binary',
};

/** The table for esbuild's `loader` option. */
export const assetLoaders: Record<string, 'text' | 'binary'> = KIND;

/** Makes the plugin for vite's `plugins` option. */
export function assetPlugin() {
  return {
    name: 'latticra-assets',
    enforce: 'pre' as const,
    load(id: string) {
      const kind = KIND[extname(id)];
      if (kind === undefined) return undefined;
      if (kind === 'text') return `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`;
      const base64 = readFileSync(id).toString('base64');
      return `export default new Uint8Array(Buffer.from(${JSON.stringify(base64)}, 'base64'));`;
    },
  };
}
