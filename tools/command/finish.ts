// SPDX-License-Identifier: Apache-2.0
/** What makes the package `latticra` of its bundle: a script for each long name, and the manual pages. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

/**
 * Writes scripts and manual pages beside the bundle, as the manifest lists them.
 * @param app the folder of the app
 * @param dist its bundle
 * @throws Error where the manifest lists other pages than there are
 */
export async function finishCommand(app: string, dist: string): Promise<void> {
  const { bin, man }: { bin: Record<string, string>; man: readonly string[] } = JSON.parse(
    readFileSync(join(app, 'package.json'), 'utf8'),
  );
  mkdirSync(join(dist, 'bin'), { recursive: true });
  for (const name of Object.keys(bin).filter((each) => each !== 'latticra')) {
    const script = join(dist, 'bin', `${name}.cjs`);
    writeFileSync(script, binScript(name));
    // The guards run them as programs, wherever the package lies.
    chmodSync(script, 0o755);
  }
  const { allManuals }: { allManuals: () => Promise<ReadonlyMap<string, string>> } = createRequire(
    join(dist, 'main.cjs'),
  )('./manuals.cjs');
  const pages = await allManuals();
  const listed = man.map((path) => basename(path)).sort();
  if (listed.join() !== [...pages.keys()].sort().join())
    throw new Error('package.json lists other manual pages than there are: run pnpm lanes');
  mkdirSync(join(dist, 'man'), { recursive: true });
  for (const [name, text] of pages) writeFileSync(join(dist, 'man', name), text);
}

/** Returns the script of a long name: it says who is called, and the rest is the command's. */
function binScript(name: string): string {
  return `#!/usr/bin/env node\n// SPDX-License-Identifier: Apache-2.0\nrequire('../main.cjs').main('${name}');\n`;
}
