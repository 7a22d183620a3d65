// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { VmRunError } from '../error.js';
import { MAX_FILE_BYTES } from '../limits.js';

/** How a child ended. */
export type ChildExit = { readonly code: number } | { readonly signal: string };

/** A program running in a process group of its own. */
export interface ChildGroup {
  /** Resolves with the code 126 or 127, as a shell's does, when the program could not be started. */
  readonly exited: Promise<ChildExit>;
  /** Our end of the socket that the child has as descriptor 3. */
  readonly socket: Duplex;
  /** Asks the whole group to end, insists after `graceMs`, and returns when nothing of it is left. */
  stop(graceMs: number): Promise<void>;
}

/** Where a child runs and what it leaves behind. */
export interface ChildPlace {
  /** The child's current folder, and the place of all that it writes; removed when this process is killed. */
  readonly folder: string;
  /** Descriptor that takes its stdout and stderr. */
  readonly output: number;
}

/**
 * The shell becomes the program, in the same process, once it has started a watcher beside it. Descriptor 4 is
 * open for as long as this process lives: not even SIGKILL keeps the kernel from closing it, and then the watcher
 * removes the folder and ends the group. When the program ends first, the watcher ends with its group.
 * `ulimit -f` counts 512 bytes (POSIX.1-2017, XCU ulimit).
 */
const SUPERVISE = `folder=$1
shift
{ read -r _ <&4; rm -rf -- "$folder"; kill -KILL 0; } 3<&- &
ulimit -c 0
ulimit -f ${MAX_FILE_BYTES / 512}
exec "$@" 4<&-`;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Starts a program with nothing but its arguments: no stdin, no environment to speak of, no file longer than
 * `MAX_FILE_BYTES`. It does not outlive this process.
 */
export function startGroup(program: string, argv: readonly string[], place: ChildPlace): ChildGroup {
  const { folder, output } = place;
  const child = spawn('/bin/sh', ['-c', SUPERVISE, 'sh', folder, program, ...argv], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TMPDIR: folder },
    stdio: ['ignore', output, output, 'pipe', 'pipe'],
    detached: true, // a session and process group of its own: what it starts ends with it
  });
  const socket = child.stdio[3];
  if (!(socket instanceof Duplex)) throw new VmRunError('emulator-failed', `${program}: no control socket`);
  const kill = () => signalGroup(child, 'SIGKILL');
  process.on('exit', kill);
  const exited = new Promise<ChildExit>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new VmRunError('emulator-missing', `/bin/sh: cannot be started: ${cause.message}`, { cause }));
    });
    child.once('exit', (code, signal) => {
      kill(); // what it may have left running
      resolve(code === null ? { signal: signal ?? 'an unknown signal' } : { code });
    });
  }).finally(() => process.off('exit', kill));
  exited.catch(() => {});
  return {
    exited,
    socket,
    async stop(graceMs) {
      // The group's number may belong to someone else by then.
      if (!hasEnded(child)) signalGroup(child, 'SIGTERM');
      const insist = setTimeout(kill, graceMs);
      await exited.catch(() => {});
      clearTimeout(insist);
      socket.destroy();
    },
  };
}
