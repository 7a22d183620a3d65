// SPDX-License-Identifier: Apache-2.0
/** The packages as they would be published, and a project that has nothing but them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packAll, projectsIn } from '../pack.mjs';

/** Entries that only work inside something else, which an empty project does not have. */
const INSIDE = new Map([['@latticra/boot-cases/nx', 'a plugin of Nx']]);

/** The script of the pnpm that runs this, which packs; empty where none does. */
export const PNPM = process.env.npm_execpath ?? '';

/** Packs every project of a kind. Returns the archive of each with its manifest as it is in there. */
export async function packKind(root, kind) {
  const projects = projectsIn(root).filter((project) => project.startsWith(kind));
  return (await packAll(root, projects, PNPM)).map(({ project, archive, error }) => {
    if (error !== undefined) throw new Error(`${project}: ${error.message}`);
    const text = execFileSync('tar', ['-xOzf', archive, 'package/package.json'], { encoding: 'utf8' });
    return { archive, manifest: JSON.parse(text) };
  });
}

/**
 * Makes a project that has these archives installed, each seeing only what it declares, and TypeScript's view of Node.
 * @returns what can be imported from it
 */
export function installAll(root, packed, folder) {
  const archives = Object.fromEntries(
    packed.map(({ archive, manifest }) => [manifest.name, `file:${archive}`]),
  );
  const types = JSON.parse(readFileSync(join(root, 'node_modules/@types/node/package.json'), 'utf8')).version;
  mkdirSync(folder, { recursive: true });
  write(join(folder, 'package.json'), {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: archives,
    devDependencies: { '@types/node': types },
    // They name each other by version, and none is published yet.
    pnpm: { overrides: archives },
  });
  const argv = [
    'install',
    '--prefer-offline',
    '--ignore-workspace',
    '--ignore-scripts',
    '--config.hoist=false',
  ];
  execFileSync(process.execPath, [PNPM, ...argv], { cwd: folder, stdio: 'pipe' });
  return packed.flatMap(({ manifest: { name, exports } }) =>
    Object.entries(exports)
      .filter(([, target]) => typeof target === 'object')
      .map(([entry]) => `${name}${entry.slice(1)}`)
      .filter((entry) => !INSIDE.has(entry)),
  );
}

export function write(file, content) {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}
