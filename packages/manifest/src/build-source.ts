// SPDX-License-Identifier: Apache-2.0
import type { RecordedSource } from '@latticra/evidence-format/define';
import { localBuildEnvironment } from './artifact/source-commit.js';
import { recordedSource } from './artifact/source-tag.js';

/** The flags of a lane that builds: what it builds from, and where. */
export const SOURCE_FLAGS = {
  'source-commit': {
    value: 'text',
    help: 'commit it is built from, whole (default: the one checked out here, else unknown)',
  },
  'source-tag': {
    value: 'text',
    default: 'none',
    help: 'its tag, which has to stand for that commit where the repository is at hand',
  },
  'build-environment': { value: 'text', help: 'where it is built (default: local-<os>-<arch>)' },
} as const;

/** What such a lane was given. */
export interface SourceFlags {
  readonly 'source-commit': string | undefined;
  readonly 'source-tag': string;
  readonly 'build-environment': string | undefined;
}

/**
 * Returns what a record of a build says of its source, by {@link SOURCE_FLAGS} and the repository of a folder.
 * @throws as {@link recordedSource}
 */
export async function buildSource(
  flags: SourceFlags,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<RecordedSource & { readonly buildEnvironment: string }> {
  const source = await recordedSource({ commit: flags['source-commit'], tag: flags['source-tag'] }, cwd, env);
  return { ...source, buildEnvironment: flags['build-environment'] ?? localBuildEnvironment() };
}
