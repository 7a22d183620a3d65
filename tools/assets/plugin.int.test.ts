// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { assetLoaders, assetPlugins } from './plugin.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('a bundle with scripts and digests in it, and the account of it, name no folder of the machine: Nx gives both to other checkouts', async () => {
  const cwd = join(ROOT, 'packages/held-files');
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: [
        "export { default as script } from './src/digest/thread.js?bundle';",
        "export { default as hex } from '../../installer/manifests/latticra-os-image-release.toml?sha256';",
      ].join('\n'),
      resolveDir: cwd,
    },
    absWorkingDir: cwd,
    outdir: 'dist',
    write: false,
    bundle: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    sourcemap: 'external',
    loader: assetLoaders,
    plugins: assetPlugins,
  });
  const named = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(named).toEqual(
    expect.arrayContaining(['latticra-bundle:src/digest/thread.ts', 'src/digest/work.ts']),
  );
  for (const text of [JSON.stringify(metafile), ...outputFiles.map((file) => file.text)])
    expect(text).not.toContain(ROOT);
});
