// SPDX-License-Identifier: Apache-2.0
/** The place that scenes are played in: the commands as they ship, the library of faults, inputs that are made once. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleApps } from '../testing/bundle-apps.js';
import { buildFaultLibrary } from '../testing/fault.js';
import type { Lab } from './scene.js';

const INSTALLER = fileURLToPath(new URL('../../installer', import.meta.url));

/** A lab that is open. */
export interface OpenLab extends Lab {
  readonly library: string;
  /** The words that a command line begins with: Node and a script, and the word of a lane. */
  commandLine(command: string): readonly string[];
  /** The environment of every command: the lanes are on PATH, and temporary files go below `folder`. */
  environment(folder: string): Record<string, string>;
  /** Makes an empty folder for a scene, with the fixtures that lanes look for. */
  newFolder(): string;
  close(): void;
}

/** Opens a lab in a temporary folder. */
export async function openLab(): Promise<OpenLab> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-faults-')));
  const scripts = await bundleApps(join(folder, 'apps'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of scripts) {
    chmodSync(script, 0o755);
    symlinkSync(script, join(bin, name));
  }
  const made = new Map<string, Promise<string>>();
  const newFolder = () => {
    const at = mkdtempSync(join(folder, 'scene-'));
    cpSync(INSTALLER, join(at, 'installer'), { recursive: true });
    mkdirSync(join(at, 'tmp'));
    return at;
  };
  const lab: OpenLab = {
    library: buildFaultLibrary(folder),
    newFolder,
    commandLine(command) {
      const [name = '', ...words] = command.split(' ');
      if (!scripts.has(name)) throw new Error(`no command is called ${name}`);
      // By the name on PATH: a guard looks for lanes beside itself.
      return [process.execPath, join(bin, name), ...words];
    },
    environment: (at) => ({
      PATH: [bin, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      TMPDIR: join(at, 'tmp'),
      HOME: '/nonexistent',
    }),
    run(cwd, command, ...argv) {
      const env = lab.environment(cwd);
      mkdirSync(env.TMPDIR ?? '', { recursive: true });
      const { status, stdout, stderr } = spawnSync(command, argv, { cwd, env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command} ${argv.join(' ')}: ${status}: ${stdout}${stderr}`);
    },
    async once(name, make) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const making = (async () => {
        const at = newFolder();
        await make(at);
        return at;
      })();
      made.set(name, making);
      return making;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
  return lab;
}
