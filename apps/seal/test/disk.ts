// SPDX-License-Identifier: Apache-2.0
/** Runs of a project on a small disk of its own: a file system in memory that only the run sees. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Ended, Traced } from './strace.js';

/** Whether this user may have a mount of their own: the system may let a plain user. */
export const mayMount = spawnSync('unshare', ['-Urm', 'true']).status === 0;

/** The exit status where the disk could not be set up. */
const NO_DISK = 99;

/** A script that sets the disk up, runs what is left of the arguments, and copies out what is there then. */
const SCRIPT = `
project=$1 outside=$2 options=$3 prepare=$4
shift 4
{ cp -a "$project" "$outside/copy" && mount -t tmpfs -o "$options" none "$project" &&
  cp -a "$outside/copy/." "$project" && mkdir "$project/node_modules" && cd "$project" && eval "$prepare" && cd /
} || exit ${NO_DISK}
"$@"
status=$?
cp -a "$project" "$outside/project" || exit ${NO_DISK}
exit $status
`;

/**
 * Runs a command line on a disk that holds what is in its project. Afterwards the project is as the run left it there.
 * @param options of the mount, such as `size=1m`
 * @param prepare shell commands in the project, in whose node_modules may lie what is in nobody's scope
 */
export function runOnDisk({ argv, project }: Traced, options: string, prepare: string): Ended {
  const outside = mkdtempSync(join(dirname(project), 'disk-'));
  try {
    const { status, signal, stdout, stderr } = spawnSync(
      'unshare',
      ['-Urm', 'sh', '-c', SCRIPT, 'sh', project, outside, options, prepare, ...argv],
      { cwd: '/', encoding: 'utf8' },
    );
    if (status === NO_DISK) throw new Error(`no such disk (${options}; ${prepare}): ${stderr}`);
    rmSync(project, { recursive: true });
    renameSync(join(outside, 'project'), project);
    return { status, signal, stdout, stderr };
  } finally {
    rmSync(outside, { recursive: true });
  }
}
