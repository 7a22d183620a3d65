// SPDX-License-Identifier: Apache-2.0
/**
 * Finds what a project's files reach outside of its folder, so that Nx looks at the project again when that changes: a
 * test imports helpers of `tools/`, bundles other apps, or holds a page of `docs/` to the code. It is read off the
 * sources: every path in quotes that begins with dots and leads out of the project to something that is there. A folder
 * stands for all that is in it, also where it is only how a path begins, as in `../../${lane}/src/main.ts`.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

const SOURCE = /\.[cm]?[jt]s$/;

/** A path in quotes that begins with dots, up to its end or to the first value that is put into it. */
const QUOTED_PATH = /(['"`])(\.{1,2}(?:\/[^'"`\s$]*)?)(?:\1|\$\{)/g;

/** The file that names what tests are set up by: they reach all that it does. */
const TEST_CONFIG = 'vitest.config.ts';

/**
 * Returns what the files of `project` reach outside of it, as paths from `root`, sorted: files, and folders with a slash
 * at their end; `./` is all there is. Where that is another project, all that it depends on is reached too.
 * @param withTests false leaves the tests out: what remains is reached by whoever imports the project
 * @param known what was read before, where several projects of a tree that does not change are asked for
 */
export function outsideInputsOf(project, root, withTests, known = new Map()) {
  const once = (what, key, find) => {
    const name = `${what} ${key}`;
    if (!known.has(name)) known.set(name, find(key, root));
    return known.get(name);
  };
  const found = new Set();
  const followed = new Set([project]);
  const isFirst = (place) => !followed.has(place) && followed.add(place);

  const reach = (path) => {
    const isFolder = once('folder', path, isFolderAt);
    const owner = ownerOf(path);
    if (owner !== undefined) reachProject(owner);
    else if (isFolder) {
      found.add(`${path}/`);
      if (['.', 'packages', 'apps'].includes(path)) projectsIn(path, root).forEach(reachProject);
    } else {
      found.add(path);
      if (SOURCE.test(path) && isFirst(path)) follow(path);
    }
  };
  const reachProject = (other) => {
    if (!isFirst(other)) return;
    found.add(`${other}/`);
    once('dependencies', other, dependenciesOf).forEach(reachProject);
    once('files', other, filesIn).filter(isNoTest).forEach(follow);
  };
  const follow = (file) => {
    if (!SOURCE.test(file)) return;
    const owner = ownerOf(file);
    for (const path of once('paths', file, pathsIn)) {
      const isInside = owner === undefined ? path.startsWith(`${project}/`) : ownerOf(path) === owner;
      if (!isInside) reach(path);
    }
  };

  for (const file of once('files', project, filesIn)) if (withTests || isNoTest(file)) follow(file);
  if (withTests) reach(TEST_CONFIG);
  return found.has('./') ? ['./'] : [...found].sort();
}

const isFolderAt = (path, root) => statSync(join(root, path)).isDirectory();

const isNoTest = (file) => !file.endsWith('.test.ts');

/** Returns the package or app that a path lies in, if any. */
const ownerOf = (path) => /^(?:packages|apps)\/[^/]+/.exec(path)?.[0];

/** Returns what the quoted paths of a file lead to, as far as it is there. */
function pathsIn(file, root) {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(QUOTED_PATH)].flatMap(([, , quoted]) => {
    const path = posix.join(posix.dirname(file), quoted).replace(/(?<=.)\/$/, '');
    const there = [path, path.replace(/\.js$/, '.ts')].find((each) => existsSync(join(root, each)));
    return path.startsWith('..') || there === undefined ? [] : [there];
  });
}

/** Lists the projects of this workspace that a project's package.json names. */
function dependenciesOf(project, root) {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, project, 'package.json'), 'utf8'),
  );
  return Object.keys({ ...dependencies, ...devDependencies })
    .filter((name) => name.startsWith('@latticra/'))
    .flatMap((name) =>
      ['packages', 'apps']
        .map((kind) => name.replace('@latticra', kind))
        .filter((folder) => isCalled(folder, name, root)),
    );
}

/** An app may lie in a folder that is called as a library's: what counts is the name of its package. */
function isCalled(folder, name, root) {
  const manifest = join(root, folder, 'package.json');
  return existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')).name ?? name) === name;
}

function projectsIn(folder, root) {
  return (folder === '.' ? ['packages', 'apps'] : [folder]).flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => `${kind}/${name}`),
  );
}

/** Lists the files of a project, without what is built or installed. */
function filesIn(folder, root) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    return entry.isDirectory() ? filesIn(path, root) : [path];
  });
}
