// SPDX-License-Identifier: Apache-2.0
/**
 * Whether what is in a project's `dist` was built from its sources as they are: a build leaves the digests of all that it
 * read and of all that it wrote, and whoever packs the project compares.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const stampOf = (root, project) => join(root, 'build/stamps', `${project}.json`);

/** What the build of every project reads: files, and folders with all that is in them. */
export const CONFIGURATION = [
  'tsup.config.ts',
  'tsconfig.base.json',
  'tools/assets',
  'tools/notices',
  'tools/builder',
  'tools/command',
  'tools/declarations',
  'tools/api/report.mjs',
];

/**
 * Writes what a build read and wrote.
 * @param root the workspace's folder
 * @param project the project's, relative to it
 * @param known digests of files that were read already, where several projects are built of the same sources
 */
export function writeStamp(root, project, known = new Map()) {
  const file = stampOf(root, project);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(digests(root, project, known)));
}

/**
 * Returns why a project may not be packed, one line, or undefined where its `dist` is that of its sources.
 * @param known digests of files that were read already, where several projects are looked at
 */
export function whyNotBuilt(root, project, known = new Map()) {
  const then = `: run pnpm build, then pack it again`;
  if (!existsSync(join(root, project, 'dist'))) return `${project}/dist: is not there${then}`;
  if (!existsSync(stampOf(root, project))) return `${project}/dist: was not built by pnpm build${then}`;
  const built = JSON.parse(readFileSync(stampOf(root, project), 'utf8'));
  const now = digests(root, project, known);
  if (built.node !== now.node) return `${project}/dist: was built by Node ${built.node}${then}`;
  const changed = firstChange(built.read, now.read);
  if (changed !== undefined) return `${changed}: is not what ${project}/dist was built from${then}`;
  const altered = firstChange(built.written, now.written);
  return altered === undefined ? undefined : `${altered}: is not as it was built${then}`;
}

function firstChange(before, after) {
  return Object.keys({ ...before, ...after })
    .sort()
    .find((file) => before[file] !== after[file]);
}

function digests(root, project, known = new Map()) {
  const read = [
    ...CONFIGURATION,
    join(project, 'package.json'),
    join(project, 'src'),
    ...bundled(root, project),
  ]
    .flatMap((path) => filesIn(root, path))
    .filter((file) => !/\.test\.ts$/.test(file));
  return {
    node: process.version,
    read: digestOf(root, read, known),
    // Nobody else has these, and what is there now counts.
    written: digestOf(root, filesIn(root, join(project, 'dist')), new Map()),
  };
}

/** Returns the files that went into the project's bundle, by the account that its build left. */
function bundled(root, project) {
  const account = join(root, 'build/metafiles', `${project}.json`);
  if (!existsSync(account)) return [];
  const { inputs = {}, outputs } = JSON.parse(readFileSync(account, 'utf8'));
  const names = [inputs, ...Object.values(outputs).map((output) => output.inputs)].flatMap(Object.keys);
  return [...new Set(names)]
    .map((name) => relative(root, resolve(root, project, name.replace(/^[a-z-]{2,}:/, ''))))
    .filter((file) => !file.startsWith('..') && !file.includes('?'));
}

/** Lists a file, or all files in a folder, relative to the root; what is not there has none. */
function filesIn(root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesIn(root, join(path, name)));
}

function digestOf(root, files, known) {
  return Object.fromEntries([...new Set(files)].sort().map((file) => [file, digest(root, file, known)]));
}

function digest(root, file, known) {
  const found = known.get(file);
  if (found !== undefined) return found;
  const made = createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');
  known.set(file, made);
  return made;
}
