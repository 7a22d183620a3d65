// SPDX-License-Identifier: Apache-2.0
import type { Duplex } from 'node:stream';
import { type ProcessGroup, type ProgramExit, spawnGroup, ToolchainError } from '@latticra/toolchain';
import { VmRunError } from '../error.js';

/** A program running in a process group of its own. */
export interface ChildGroup extends Pick<ProcessGroup, 'stop'> {
  /** The program's exit, with the code 126 or 127, as of a shell, when it could not be started. */
  readonly exited: Promise<ProgramExit>;
  /** Our end of the socket that the child has as descriptor 3. */
  readonly socket: Duplex;
}

/** The folder and the output of a child. */
export interface ChildPlace {
  /** The child's current folder, and the place of all that it writes; removed when this process is killed. */
  readonly folder: string;
  /** The descriptor that takes its stdout and stderr. */
  readonly output: number;
  /** The size at which the kernel stops any file that it writes. */
  readonly maxFileBytes: number;
}

/**
 * The shell becomes the program, in the same process, once it has started a watcher beside it. Descriptor 4 is
 * open for as long as this process lives: not even SIGKILL keeps the kernel from closing it, and then the watcher
 * removes the folder and ends the group. When the program ends first, the watcher ends with its group.
 * `ulimit -f` counts 512 bytes (POSIX.1-2017, XCU ulimit).
 */
const SUPERVISE = `folder=$1
blocks=$2
shift 2
{ read -r _ <&4; rm -rf -- "$folder"; kill -KILL 0; } 3<&- &
ulimit -c 0
ulimit -f "$blocks"
exec "$@" 4<&-`;

/**
 * Starts a program with nothing but its arguments: no stdin, a minimal environment, no file that is too long. The program does not outlive this process.
 * @throws VmRunError `emulator-missing` when there is no shell to start it; ToolchainError `arguments-too-long`,
 *   `program-not-started`
 */
export async function startGroup(
  program: string,
  argv: readonly string[],
  { folder, output, maxFileBytes }: ChildPlace,
): Promise<ChildGroup> {
  const words = ['-c', SUPERVISE, 'sh', folder, String(maxFileBytes / 512), program, ...argv];
  const group = await spawnGroup('/bin/sh', words, {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TMPDIR: folder },
    output,
    sockets: 2,
  }).catch((cause: unknown) => {
    if (!(cause instanceof ToolchainError) || cause.kind !== 'tool-missing') throw cause;
    throw new VmRunError('emulator-missing', cause.message, { cause });
  });
  const [socket] = group.sockets;
  if (socket !== undefined) return { exited: group.exited, socket, stop: group.stop };
  await group.stop();
  throw new VmRunError('emulator-failed', `${program}: no control socket`);
}
