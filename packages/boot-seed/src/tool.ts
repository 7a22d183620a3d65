// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';

/** How a program ended: its exit code (null when it was killed or could not be started) and what it printed. */
export interface ToolResult {
  readonly code: number | null;
  readonly output: string;
}

/** How a program is run. */
export interface RunToolOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal;
  /** Its environment, beside `LC_ALL=C`; nothing by default. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program at `path` with exactly these arguments. Never rejects: what goes wrong is in the result. */
export type RunTool = (path: string, argv: readonly string[], options: RunToolOptions) => Promise<ToolResult>;

const TIME_LIMIT_MS = 60_000;
const OUTPUT_LIMIT = 64 * 1024;
/** A process group of its own reaches what a tool has started as well; Windows has none. */
const OWN_GROUP = process.platform !== 'win32';

/**
 * {@link RunTool} for real: an environment of nothing but a locale and what is asked for, no input, at most 60
 * seconds and 64 KiB of output, and SIGKILL for what does not keep to that, and for all that it has started.
 */
export const runTool: RunTool = (path, argv, { cwd, signal, env = {} }) =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve({ code: null, output: 'interrupted' });
    const child = spawn(path, argv, {
      cwd,
      env: { LC_ALL: 'C', ...env },
      detached: OWN_GROUP,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    const kill = (reason: string) => {
      output ||= reason;
      if (OWN_GROUP && child.pid !== undefined) killGroup(child.pid);
      else child.kill('SIGKILL');
    };
    const interrupt = () => kill('interrupted');
    const timer = setTimeout(() => kill(`still running after ${TIME_LIMIT_MS / 1000} s`), TIME_LIMIT_MS);
    signal?.addEventListener('abort', interrupt, { once: true });
    const end = (code: number | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupt);
      resolve({ code, output });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.length > OUTPUT_LIMIT) kill('too much output');
      });
    }
    child.on('error', (error) => {
      output ||= error.message;
      end(null);
    });
    child.on('close', end);
  });

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile: nothing is left to kill.
  }
}
