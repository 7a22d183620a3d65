// SPDX-License-Identifier: Apache-2.0
/** The archives of projects as they would be published, each packed once: `pack-check` and `consumers` look at the same. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { whyNotBuilt } from './release/built.mjs';

/** What goes into an archive beside `dist`, and what decides how it is packed. */
const BESIDE = ['package.json', 'README.md', 'CHANGELOG.md'];
const COMMON = ['LICENSE', 'package.json', 'pnpm-workspace.yaml', 'tools/release/prepack.mjs'];

/** Lists the projects of the workspace, libraries first, by their folders. */
export function projectsIn(root) {
  return ['packages', 'apps'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => join(kind, name)),
  );
}

/**
 * Packs projects, or takes the archives that are there and of the same content, as many at once as there are cores.
 * @param pnpm the script of the pnpm that packs
 * @returns for each project its `archive`, or the `error` that packing it came to
 */
export async function packAll(root, projects, pnpm) {
  const found = new Map();
  const known = new Map();
  const versions = versionsIn(root);
  const waiting = [...projects];
  const work = async () => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      found.set(project, await pack(root, { project, pnpm, known, versions }).catch((error) => ({ error })));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return projects.map((project) => ({ project, ...found.get(project) }));
}

async function pack(root, { project, pnpm, known, versions }) {
  const reason = whyNotBuilt(root, project, known);
  if (reason !== undefined) throw new Error(reason);
  const place = join(root, 'build/archives', project);
  const target = join(place, keyOf(root, project, versions));
  if (!existsSync(target)) {
    rmSync(place, { recursive: true, force: true });
    const fresh = `${target}.new`;
    mkdirSync(fresh, { recursive: true });
    const argv = [pnpm, 'pack', '--pack-destination', fresh];
    await promisify(execFile)(process.execPath, argv, { cwd: join(root, project) });
    renameSync(fresh, target);
  }
  return { archive: join(target, readdirSync(target)[0]) };
}

/** Returns the digest of all that an archive is made of; what was built stands for its files. */
function keyOf(root, project, versions) {
  const hash = createHash('sha256').update(versions);
  const files = [
    ...COMMON,
    ...BESIDE.map((name) => join(project, name)),
    join('build/stamps', `${project}.json`),
  ];
  for (const file of files) {
    const bytes = existsSync(join(root, file)) ? readFileSync(join(root, file)) : 'none';
    hash.update(`${file} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Returns what the ranges of the workspace become in an archive: the version of every project. */
function versionsIn(root) {
  return projectsIn(root)
    .map((project) => JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8')))
    .map(({ name, version }) => `${name}@${version}\n`)
    .join('');
}
