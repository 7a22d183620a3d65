// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';

/** Makes a folder a repository of one commit, with a tag. */
export function tagFolder(folder: string, tag: string): void {
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...argv], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  git('tag', '-a', tag, '-m', tag);
}
