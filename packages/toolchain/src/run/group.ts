// SPDX-License-Identifier: Apache-2.0
import { isAbsolute } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import type { Environment } from '../program.js';
import { killWithUs } from './live.js';
import { notStarted } from './refusal.js';

/** How a program ended: by itself with an exit status, or by a signal, such as `SIGSEGV`. */
export type ProgramExit = { readonly code: number } | { readonly signal: string };

/** Where and with what a program runs. */
export interface SpawnOptions {
  /** The folder that it runs in. */
  readonly cwd: string;
  /** All of its environment: nothing is added. */
  readonly env: Environment;
  /** Descriptor of a file that it reads as its stdin, from where that stands; without one it has no input. */
  readonly input?: number;
  /**
   * Whether it stays in the session and the process group of this process, so that it can ask a person at the terminal. Then
   * only itself is reached, not what it starts.
   */
  readonly foreground?: boolean;
  /** Descriptor that takes its stdout and stderr; without one they are pipes. */
  readonly output?: number;
  /** How many sockets it has besides, as descriptor 3 and on. */
  readonly sockets?: number;
}

/** A program that runs, with all that it starts, in a process group of its own. */
export interface ProcessGroup {
  /** Null where its output goes to a descriptor. */
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Our ends of its sockets. */
  readonly sockets: readonly Duplex[];
  /** Resolves when the program has ended; what it may have left running has then been killed. */
  readonly exited: Promise<ProgramExit>;
  /** Asks the whole group to end (SIGTERM), insists after `graceMs` (SIGKILL), and returns when the program is gone. */
  stop(graceMs?: number): Promise<void>;
  /** Returns when the pipes are closed and nothing of the group runs any more. */
  gone(): Promise<void>;
}

/** How long a program gets to follow SIGTERM, in milliseconds. */
const GRACE_MS = 1000;

/** Windows has no process groups: there only the program itself is reached. */
const HAS_GROUPS = process.platform !== 'win32';

/**
 * How long killed processes are waited for, in milliseconds. SIGKILL takes no longer, but a zombie counts as
 * alive, and where process 1 reaps none it stays one.
 */
const REAPING = { times: 50, everyMs: 5 };

/**
 * Starts the program at `path` with exactly these arguments, no input but the file that is given, and the environment that
 * is named. It ends with this process, unless that is killed by SIGKILL.
 *
 * A descendant that makes itself a session of its own leaves the group, and is not reached.
 *
 * @param path absolute: nothing is looked for along PATH
 * @throws ToolchainError `program-missing`, `program-not-executable`, `arguments-too-long`, `program-not-started`
 */
export async function spawnGroup(
  path: string,
  argv: readonly string[],
  { cwd, env, input, foreground = false, output, sockets = 0 }: SpawnOptions,
): Promise<ProcessGroup> {
  if (!isAbsolute(path)) throw notStarted(path, cwd, new Error('expected an absolute path'));
  // tinyexec starts it, and no more: its time limit and its abort reach the program without what that has started, and
  // what it collects has no bound.
  // Not before it is needed: most lanes start nothing, and should not wait for what would.
  const [{ exec }, { Duplex }] = await Promise.all([import('tinyexec'), import('node:stream')]);
  const isGroup = HAS_GROUPS && !foreground;
  const start = () => {
    const out = output ?? 'pipe';
    const { process: started } = exec(path, argv, {
      inheritEnv: false,
      nodePath: false,
      nodeOptions: {
        cwd,
        // Node hands this one on, unless it is named.
        env: { NODE_V8_COVERAGE: undefined, ...env },
        stdio: [input ?? 'ignore', out, out, ...Array.from({ length: sockets }, () => 'pipe' as const)],
        detached: isGroup,
      },
    });
    if (started === undefined) throw new Error('tinyexec has no process');
    return started;
  };
  let child: ReturnType<typeof start> | undefined;
  /** Sends a signal to the whole group; 0 only asks. @returns whether there was anything left to signal */
  const signal = (name: NodeJS.Signals | 0): boolean => {
    if (child?.pid === undefined) return false;
    try {
      return isGroup ? process.kill(-child.pid, name) : child.kill(name);
    } catch {
      return false;
    }
  };
  const kill = () => void signal('SIGKILL');
  // Before it starts: it may be running by the time that it is known here.
  const forget = killWithUs(kill);
  try {
    child = start();
  } catch (cause) {
    forget();
    throw notStarted(path, cwd, cause);
  }
  const exited = new Promise<ProgramExit>((resolve) => {
    child.once('exit', (code, name) => {
      kill(); // what it may have left running
      forget();
      resolve(code === null ? { signal: name ?? 'an unknown signal' } : { code });
    });
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.on('error', reject);
  }).catch((cause: unknown) => {
    forget();
    throw notStarted(path, cwd, cause);
  });

  const pipes = child.stdio.slice(1);
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    sockets: pipes.slice(2).filter((pipe) => pipe instanceof Duplex),
    exited,
    async stop(graceMs = GRACE_MS) {
      // The group's number may belong to someone else once it has ended.
      if (child.exitCode === null && child.signalCode === null) {
        signal('SIGTERM');
        const insist = setTimeout(kill, graceMs);
        await exited;
        clearTimeout(insist);
      }
      // Somebody may hold the other end for ever.
      for (const pipe of pipes) pipe?.destroy();
    },
    async gone() {
      await closed;
      for (let count = 0; count < REAPING.times && isGroup && signal(0); count++) {
        await new Promise((resolve) => setTimeout(resolve, REAPING.everyMs));
      }
    },
  };
}
