// SPDX-License-Identifier: Apache-2.0
import { execProgram, findProgram, ToolchainError } from '@latticra/toolchain';

/**
 * Returns the short commit that is checked out in `cwd`, by git itself; `unknown` where there is no git or no
 * repository. Git gets no configuration but the system's and the user's, and cannot wait for anybody.
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

/** What a build environment is called when nobody names it: `local-linux-x64`. */
export function localBuildEnvironment(): string {
  return `local-${process.platform}-${process.arch}`;
}
