// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';

/**
 * The short commit that is checked out in `cwd`, by git itself; `unknown` where there is no git or no
 * repository. Git gets no configuration but the system's, and cannot wait for anybody.
 */
export function currentCommit(cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      'git',
      ['rev-parse', '--short', 'HEAD'],
      {
        cwd,
        timeout: 10_000,
        env: { PATH: env.PATH, HOME: env.HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
      },
      (error, stdout) => {
        const commit = stdout.trim();
        resolve(error === null && /^[0-9a-f]{4,64}$/.test(commit) ? commit : 'unknown');
      },
    );
  });
}

/** What a build environment is called when nobody names it: `local-linux-x64`. */
export function localBuildEnvironment(): string {
  return `local-${process.platform}-${process.arch}`;
}
