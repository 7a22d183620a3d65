// SPDX-License-Identifier: Apache-2.0
import { type ProgramExit, type SpawnOptions, spawnGroup } from './group.js';

/** How a program is run to its end. */
export interface ExecOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'input' | 'foreground'> {
  /** How long it may take, in milliseconds. */
  readonly timeLimitMs: number;
  /** How much it may print, in bytes, on stdout and stderr together. */
  readonly maxBytes: number;
  /** Whether what it prints on stderr goes to `stdout` too, in the order in which it arrives. */
  readonly together?: boolean;
  /** Takes what it prints on stderr as it comes, as text that may end anywhere: it may be asking for something. */
  readonly onStderr?: (text: string) => void;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/** Why a program was stopped. */
export type StopReason = 'time-limit' | 'output-limit' | 'interrupted';

/** How a program ended, and what it printed until then: never more than was allowed. */
export interface ExecResult {
  readonly end: ProgramExit | { readonly stopped: StopReason };
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the program at `path` to its end, as {@link spawnGroup} starts it. Time and output are limited, and
 * nothing of it runs any more once the promise resolves.
 *
 * @example
 * import { execProgram, requireProgram } from '@latticra/toolchain';
 *
 * const { end, stdout } = await execProgram(requireProgram('git'), ['rev-parse', 'HEAD'], {
 *   cwd: process.cwd(),
 *   env: { PATH: process.env.PATH ?? '' },
 *   timeLimitMs: 10_000,
 *   maxBytes: 1024,
 * });
 * console.log(end, stdout.toString());
 *
 * @throws ToolchainError when it cannot be started
 */
export async function execProgram(
  path: string,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const { timeLimitMs, maxBytes, together = false, signal, onStderr } = options;
  const printed = { stdout: '', stderr: '' };
  if (signal?.aborted) return { end: { stopped: 'interrupted' }, ...printed };
  const { cwd, env, input, foreground = false } = options;
  const group = await spawnGroup(path, argv, {
    cwd,
    env,
    foreground,
    ...(input !== undefined && { input }),
  });
  let stopped: StopReason | undefined;
  const stop = (reason: StopReason) => {
    stopped ??= reason;
    group.stop();
  };
  const interrupt = () => stop('interrupted');
  const timer = setTimeout(() => stop('time-limit'), timeLimitMs);
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted) interrupt();

  let size = 0;
  for (const name of ['stdout', 'stderr'] as const) {
    group[name]?.setEncoding('utf8').on('data', (text: string) => {
      size += Buffer.byteLength(text);
      if (size > maxBytes) return stop('output-limit');
      if (name === 'stderr') onStderr?.(text);
      printed[together ? 'stdout' : name] += text;
    });
  }
  await group.gone();
  clearTimeout(timer);
  signal?.removeEventListener('abort', interrupt);
  const exit = await group.exited;
  return { end: stopped === undefined ? exit : { stopped }, ...printed };
}
