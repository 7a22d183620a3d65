// SPDX-License-Identifier: Apache-2.0
import type { AnchoredFolder } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { formatManifest } from '../manifest/format.js';
import { type ProjectIdentity, REPORT_FOLDER, SEAL_FILES, type SealManifest } from '../manifest/schema.js';
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
 * Writes a manifest for the project at the root, which passes a check where nothing in the project speaks against it.
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
  const made = names.filter((name) => MADE_BY_TOOLS.includes(name) && isFolder(name));
  return {
    project,
    exclude: [
      // Of a worktree or submodule it is a file that says where the rest lies.
      names.includes('.git') && !isFolder('.git') ? '.git' : '.git/',
      'node_modules/',
      '__pycache__/',
      `${REPORT_FOLDER}/latticra-seal-*`,
      // By its path: a source folder further down may be called the same.
      ...made.map((name) => `${name}/*`),
    ],
    requiredFiles: [readme, license, SEAL_FILES.manifest],
    denyFilenames: ['*.pem', '*.p12', '*.pfx', '*.kdbx'],
    denyContents: [],
    maxFileSizeMb: 25,
  };
}
