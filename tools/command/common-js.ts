// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHelper, toLazyCommonJs } from './lazy.js';

/**
 * Makes CommonJS (`.cjs`) of the ES modules (`.js`) that esbuild has split a bundle into. It starts sooner that way: Node loads
 * its loader of ES modules only for those, and a module of CommonJS can be loaded when it is used.
 * @param folder the bundle; a module's source map is in it, and lies beside it afterwards
 */
export async function toCommonJs(folder: string): Promise<void> {
  const all = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const codes = new Map(all.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const rename = (specifier: string) =>
    codes.has(specifier.replace(/^\.\//, '')) ? specifier.replace(/\.js$/, '.cjs') : specifier;
  const helpers = new Map<string, string>();
  for (const [name, code] of codes) {
    if (!isHelper(code)) continue;
    helpers.set(`./${name}`, await toHelper(code));
    codes.delete(name);
    rmSync(join(folder, name));
  }
  await Promise.all(
    [...codes].map(async ([name, source]) => {
      rmSync(join(folder, name));
      const target = name.replace(/\.js$/, '.cjs');
      const { code, map } = await toLazyCommonJs(source, name, { helpers, rename });
      writeFileSync(join(folder, target), `${code}//# sourceMappingURL=${target}.map\n`);
      writeFileSync(join(folder, `${target}.map`), map);
    }),
  );
}

/** Returns whether a module is made of no source: there are only esbuild's helpers in it, or nothing. */
function isHelper(code: string): boolean {
  const [, base64 = ''] = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)/.exec(code) ?? [];
  if (base64 === '' || /\bfrom\b|\bimport\b/.test(code)) return false;
  const { sources }: { sources: readonly string[] } = JSON.parse(Buffer.from(base64, 'base64').toString());
  return sources.length === 0;
}
