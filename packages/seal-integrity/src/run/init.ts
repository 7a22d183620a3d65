// SPDX-License-Identifier: Apache-2.0
import { type AnchoredFolder, decodeName } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { formatManifest } from '../manifest/format.js';
import { type ProjectIdentity, REPORT_FOLDER, SEAL_FILES, type SealManifest } from '../manifest/schema.js';
import { compilePatterns, type Matcher } from '../pattern.js';
import { ARTIFACT_NAMES } from './artifact.js';
import type { SealOptions } from './options.js';
import { isLicenseName, isReadmeName } from './required.js';
import { withRoot } from './session.js';

/** What tools make, and nobody keeps under version control. */
const MADE_BY_TOOLS = [
  '.cache',
  '.gradle',
  '.mypy_cache',
  '.next',
  '.nx',
  '.pytest_cache',
  '.ruff_cache',
  '.tox',
  '.turbo',
  '.venv',
  'artifacts',
  'build',
  'coverage',
  'dist',
  'out',
  'target',
  'venv',
];

/**
 * Writes a manifest for the project at the root. It excludes what tools make there, and links and the like, so that a
 * check passes at once unless a file has a name or holds something that is denied everywhere.
 * @throws SealError `exists`; `artifact` where README or license is missing; `manifest` for an identity that cannot
 *   be written; HeldFileError
 */
export function initManifest(
  project: ProjectIdentity,
  options: Pick<SealOptions, 'root' | 'anchoring'>,
): Promise<SealManifest> {
  return withRoot(options, (root) => {
    if (root.lstat(ARTIFACT_NAMES.manifest) !== undefined) {
      throw new SealError('exists', `${SEAL_FILES.manifest}: is there already`, {
        fix: 'edit it, or remove it first',
      });
    }
    const manifest = manifestFor(project, root);
    const text = Buffer.from(formatManifest(manifest));
    const temporary = root.createTemporary(ARTIFACT_NAMES.manifest);
    try {
      temporary.write(text);
      temporary.publish().close();
    } finally {
      temporary.discard();
    }
    return manifest;
  });
}

function manifestFor(project: ProjectIdentity, root: AnchoredFolder): SealManifest {
  const names = [...root.list().names].map((name) => name.toString());
  const isFolder = (name: string) => root.lstat(Buffer.from(name))?.isDirectory() === true;
  const readme = names.find(isReadmeName);
  const license = names.find(isLicenseName);
  if (readme === undefined || license === undefined) {
    throw new SealError(
      'artifact',
      `${readme === undefined ? 'README' : 'LICENSE'}: no such file at the root`,
      {
        fix: 'write it first: no project passes without',
      },
    );
  }
  const excludeAlways = [
    // Of a worktree or submodule it is a file that says where the rest lies.
    names.includes('.git') && !isFolder('.git') ? '.git' : '.git/',
    'node_modules/',
    '__pycache__/',
    `${REPORT_FOLDER}/latticra-seal-*`,
    // By their paths: a source folder further down may be called the same.
    ...names.filter((name) => MADE_BY_TOOLS.includes(name) && isFolder(name)).map((name) => `${name}/*`),
  ];
  return {
    project,
    exclude: [...excludeAlways, ...unfitBelow(root, '', compilePatterns(excludeAlways))],
    requiredFiles: [readme, license, SEAL_FILES.manifest],
    denyFilenames: ['*.pem', '*.p12', '*.pfx', '*.kdbx'],
    denyContents: [],
    maxFileSizeMb: 25,
  };
}

/** Links, FIFOs, sockets and devices: what no evidence can be had of, by their paths. */
function unfitBelow(folder: AnchoredFolder, prefix: string, exclude: Matcher): string[] {
  return [...folder.list().names].flatMap((bytes) => {
    const name = decodeName(bytes, prefix);
    const path = prefix + name;
    const stats = folder.lstat(bytes);
    if (stats === undefined || stats.isFile() || exclude({ path, name, isFolder: stats.isDirectory() }))
      return [];
    if (!stats.isDirectory()) return [path];
    const child = folder.openFolder(bytes, stats);
    try {
      return unfitBelow(child, `${path}/`, exclude);
    } finally {
      child.close();
    }
  });
}
