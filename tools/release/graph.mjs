// SPDX-License-Identifier: Apache-2.0
/** The workspace as a release sees it: who imports whom by Nx's project graph, and whose code ends up in whose package. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = /\.[cm]?tsx?$|\.[cm]?jsx?$/;
const TEST = /\.test\.ts$|(^|\/)(test|testing|node_modules|dist)\//;

/**
 * Reads the projects that can be published, by name, with the projects that each one's sources import.
 * @param root the workspace's folder
 */
export async function readProjects(root) {
  // Nx takes its root from here, and would leave a process of its own behind.
  process.env.NX_WORKSPACE_ROOT_PATH = root;
  process.env.NX_DAEMON = 'false';
  process.env.NX_ISOLATE_PLUGINS = 'false';
  const { createProjectGraphAsync } = await import('@nx/devkit');
  const graph = await createProjectGraphAsync({ exitOnError: false });
  const found = Object.values(graph.nodes).flatMap(({ name: node, data }) => {
    const manifest = readManifest(join(root, data.root));
    return manifest === undefined || manifest.private === true ? [] : [{ node, folder: data.root, manifest }];
  });
  const nameOf = new Map(found.map(({ node, manifest }) => [node, manifest.name]));
  return new Map(
    found.map(({ node, folder, manifest }) => {
      const { name, version, dependencies, peerDependencies } = manifest;
      const text = sourceText(join(root, folder));
      const imports = (graph.dependencies[node] ?? [])
        .map(({ target }) => nameOf.get(target))
        // Nx counts what tests import as well, and what a manifest merely names.
        .filter((other) => other !== undefined && new RegExp(`['"]${other}['"/]`).test(text));
      const installed = Object.keys({ ...dependencies, ...peerDependencies });
      return [name, { name, version, folder, imports: [...new Set(imports)].sort(), installed }];
    }),
  );
}

/**
 * Returns, by name, the projects whose code is in a project's package: all it imports, through others too, but for what is
 * installed beside it. A library mostly carries none, an app everything.
 */
export function carriedBy(projects) {
  return new Map([...projects.values()].map((project) => [project.name, carried(project, projects)]));
}

function carried({ name, installed }, projects) {
  const found = new Set();
  const follow = (from) => {
    for (const other of projects.get(from)?.imports ?? []) {
      if (other === name || found.has(other) || installed.includes(other)) continue;
      found.add(other);
      follow(other);
    }
  };
  follow(name);
  return found;
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns all that is in a project's sources, tests left out. */
function sourceText(folder) {
  return filesBelow(folder)
    .filter((file) => SOURCE.test(file) && !TEST.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/**
 * Lists the files below a folder, but for what is installed and what a link leads to: Node's own recursion enters both, and
 * packages of a workspace link to each other.
 */
function filesBelow(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const file = join(below, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(folder, file);
    return entry.isFile() ? [file] : [];
  });
}
