// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';

/**
 * Makes CommonJS (`.cjs`) of the ES modules (`.js`) that esbuild has split a bundle into. It starts sooner that way: Node loads
 * its loader of ES modules only for those.
 * @param folder the bundle; a module's source map is in it, and lies beside it afterwards
 */
export async function toCommonJs(folder: string): Promise<void> {
  const modules = readdirSync(folder).filter((name) => name.endsWith('.js'));
  await Promise.all(
    modules.map(async (name) => {
      const target = name.replace(/\.js$/, '.cjs');
      const { code, map } = await transform(readFileSync(join(folder, name), 'utf8'), {
        sourcefile: name,
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        minify: true,
        sourcemap: 'external',
        // What is loaded late is required late.
        supported: { 'dynamic-import': false },
      });
      const required = code.replace(/\brequire\("\.\/([\w-]+)\.js"\)/g, (call, chunk) =>
        modules.includes(`${chunk}.js`) ? `require("./${chunk}.cjs")` : call,
      );
      writeFileSync(join(folder, target), `${required}//# sourceMappingURL=${target}.map\n`);
      writeFileSync(join(folder, `${target}.map`), map);
      rmSync(join(folder, name));
    }),
  );
}
