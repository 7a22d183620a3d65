// SPDX-License-Identifier: Apache-2.0
import { execProgram, findProgram, ToolchainError } from '@latticra/toolchain';

/**
 * Returns the short commit that is checked out in `cwd`, as git says; `unknown` where there is no git or no repository.
 * Of the caller's variables git sees PATH and HOME alone; it is stopped after ten seconds.
 */
export async function currentCommit(cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const git = findProgram('git', env);
  if (git === undefined) return 'unknown';
  const { PATH, HOME } = env;
  try {
    const { end, stdout } = await execProgram(git, ['rev-parse', '--short', 'HEAD'], {
      cwd,
      env: { PATH, HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
      timeLimitMs: 10_000,
      maxBytes: 64 * 1024,
    });
    const commit = stdout.trim();
    return 'code' in end && end.code === 0 && /^[0-9a-f]{4,64}$/.test(commit) ? commit : 'unknown';
  } catch (error) {
    if (error instanceof ToolchainError) return 'unknown';
    throw error;
  }
}

/** Returns the name of this machine as a build environment, of its platform and architecture: `local-linux-x64`. */
export function localBuildEnvironment(): string {
  return `local-${process.platform}-${process.arch}`;
}
