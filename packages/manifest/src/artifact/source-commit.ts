// SPDX-License-Identifier: Apache-2.0
import { execProgram, findProgram, ToolchainError } from '@latticra/toolchain';

/**
 * Returns the commit that is checked out in `cwd`, whole, as git says; `unknown` where there is no git or no repository.
 */
export async function currentCommit(cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const commit = await askGit(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], cwd, env);
  return commit !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? commit : 'unknown';
}

/**
 * Returns the line that git answers in `cwd`; undefined where it fails, or there is no git. Of the caller's variables git sees
 * PATH and HOME alone; it is stopped after ten seconds.
 */
export async function askGit(
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const git = findProgram('git', env);
  if (git === undefined) return undefined;
  const { PATH, HOME } = env;
  try {
    const { end, stdout } = await execProgram(git, argv, {
      cwd,
      env: { PATH, HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' },
      timeLimitMs: 10_000,
      maxBytes: 64 * 1024,
    });
    return 'code' in end && end.code === 0 ? stdout.trim() : undefined;
  } catch (error) {
    if (error instanceof ToolchainError && error.code !== 'machine-exhausted') return undefined;
    throw error;
  }
}

/** Returns the name of this machine as a build environment, of its platform and architecture: `local-linux-x64`. */
export function localBuildEnvironment(): string {
  return `local-${process.platform}-${process.arch}`;
}
