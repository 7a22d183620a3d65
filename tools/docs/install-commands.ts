// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bundleApps } from '../testing/bundle-apps.js';

/**
 * Puts the commands of the workspace where a shell finds them, as they ship.
 * @param scratch a folder for them, which is there
 * @returns the script of each command, and an environment with all of them on PATH
 */
export async function installCommands(
  scratch: string,
): Promise<{ readonly scripts: ReadonlyMap<string, string>; readonly env: NodeJS.ProcessEnv }> {
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  const scripts = await bundleApps(join(scratch, 'apps'));
  for (const [name, script] of scripts) {
    const text = `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`;
    writeFileSync(join(bin, name), text, { mode: 0o755 });
  }
  return { scripts, env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) } };
}
