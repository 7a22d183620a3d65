// SPDX-License-Identifier: Apache-2.0
/** Lays the apps out as they ship, for tests of their commands as processes: out of the build where it is of the sources as they are. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { buildOnce } from './build-once.js';
import { copyBuilt, layApp } from './lay-app.js';

// Each by its own path: whoever imports this reaches these, and not the whole workspace.
const APPS = fileURLToPath(new URL('../../apps', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));

/** Copies what the build made of each app. Returns whether all of it is of the sources as they are. */
function copyAllBuilt(apps: readonly string[], outDir: string): boolean {
  const known = new Map<string, string>();
  return apps.every((app) => copyBuilt(app, join(outDir, app, 'dist'), known));
}

/**
 * Lays every app into `folder`: `<app>/dist/main.cjs`, and `<app>/bin` where it has one.
 * @returns the script of each command, by its name
 */
export async function bundleApps(folder: string): Promise<ReadonlyMap<string, string>> {
  const apps = readdirSync(APPS);
  const bundle = async (outDir: string) => {
    if (copyAllBuilt(apps, outDir)) return;
    await layApp('latticra', join(outDir, 'latticra/dist'));
    await build({
      config: false,
      entry: Object.fromEntries(
        apps
          .filter((app) => app !== 'latticra')
          .map((app) => [`${app}/dist/main`, join(APPS, app, 'src/main.ts')]),
      ),
      outDir,
      format: 'cjs',
      outExtension: () => ({ js: '.cjs' }),
      splitting: false,
      platform: 'node',
      target: 'node20',
      tsconfig: TSCONFIG,
      loader: assetLoaders,
      esbuildPlugins: assetPlugins,
      noExternal: [/.*/],
      silent: true,
      esbuildOptions(options) {
        options.conditions = ['@latticra/source'];
      },
    });
  };
  await buildOnce(`apps of ${APPS}`, folder, bundle);
  const scripts = new Map<string, string>();
  for (const app of apps) {
    const source = join(APPS, app);
    if (existsSync(join(source, 'bin')))
      cpSync(join(source, 'bin'), join(folder, app, 'bin'), { recursive: true });
    const { bin }: { bin: Record<string, string> } = JSON.parse(
      readFileSync(join(source, 'package.json'), 'utf8'),
    );
    for (const [name, file] of Object.entries(bin)) {
      // A lane's own package stands for it; latticra has it as well.
      if (app === 'latticra' && name !== 'latticra') continue;
      scripts.set(name, join(folder, app, file));
    }
  }
  return scripts;
}
