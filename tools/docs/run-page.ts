// SPDX-License-Identifier: Apache-2.0
/** Follows a page as a reader would: every block of shell as it is written, in one shell, in its order, in an empty folder. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, blocksOf } from './blocks.js';
import { installCommands } from './install-commands.js';

/** What came of following a page. */
export interface FollowedPage {
  /** The folder that it was followed in. */
  readonly folder: string;
  readonly blocks: readonly Block[];
  /** Of the shell: 0 where each command succeeded, 124 where time ran out. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How long each block took that was begun, in seconds, in their order. */
  readonly seconds: readonly number[];
}

/** What the shell says before each block, with the time in seconds. */
const MARK = 'block begins';

/**
 * Follows a page of `docs`, with the commands of the workspace on PATH as they ship.
 * @param scratch a folder for all of it
 */
export async function followPage(
  page: string,
  { scratch, timeLimitSeconds }: { readonly scratch: string; readonly timeLimitSeconds: number },
): Promise<FollowedPage> {
  const { env } = await installCommands(scratch);
  const blocks = blocksOf(page).filter(({ language }) => language === 'sh');
  const script = join(scratch, 'page.sh');
  const marked = blocks.map(({ text }) => `echo "${MARK} $(date +%s)"\n${text}`);
  writeFileSync(script, `set -eu\n${marked.join('')}`);
  const folder = mkdtempSync(join(scratch, 'reader-'));
  // With a time limit on all that it starts, machines included.
  const { status, stdout, stderr } = spawnSync(
    'timeout',
    ['-k', '5', String(timeLimitSeconds), 'sh', script],
    {
      cwd: folder,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  const times = [...stdout.matchAll(new RegExp(`^${MARK} (\\d+)$`, 'gm'))].map(([, time]) => Number(time));
  const ends = [...times.slice(1), Math.round(Date.now() / 1000)];
  return {
    folder,
    blocks,
    status,
    stdout,
    stderr,
    seconds: times.map((time, at) => (ends[at] ?? time) - time),
  };
}
