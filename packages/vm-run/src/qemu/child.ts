// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { VmRunError } from '../error.js';

/** How a child ended. */
export type ChildExit = { readonly code: number } | { readonly signal: string };

/** A program running in a process group of its own. */
export interface ChildGroup {
  /** Rejects with `emulator-missing` when the program could not be started. */
  readonly exited: Promise<ChildExit>;
  /** Our end of the socket that the child has as descriptor 3. */
  readonly socket: Duplex;
  /** Asks the whole group to end, insists after `graceMs`, and returns when nothing of it is left. */
  stop(graceMs: number): Promise<void>;
}

/** Where a child runs and what it leaves behind. */
export interface ChildPlace {
  readonly cwd: string;
  /** Descriptor that takes its stdout and stderr. */
  readonly output: number;
}

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

/** Starts a program with nothing but its arguments: no stdin, no environment to speak of. */
export function startGroup(program: string, argv: readonly string[], place: ChildPlace): ChildGroup {
  const child = spawn(program, argv, {
    cwd: place.cwd,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TMPDIR: place.cwd },
    stdio: ['ignore', place.output, place.output, 'pipe'],
    detached: true, // a session and process group of its own: what it starts ends with it
  });
  const socket = child.stdio[3];
  if (!(socket instanceof Duplex)) throw new VmRunError('emulator-failed', `${program}: no control socket`);
  const kill = () => signalGroup(child, 'SIGKILL');
  process.on('exit', kill);
  const exited = new Promise<ChildExit>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new VmRunError('emulator-missing', `${program}: cannot be started: ${cause.message}`, {
          cause,
          fix: 'install qemu-system-x86 (Homebrew: qemu), or correct PATH',
        }),
      );
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
