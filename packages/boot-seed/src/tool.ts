// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';

/** How a program ended: its exit code (null when it was killed or could not be started) and what it printed. */
export interface ToolResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the program at `path` with exactly these arguments. Never rejects: what goes wrong is in the result. */
export type RunTool = (
  path: string,
  argv: readonly string[],
  options: { readonly cwd: string; readonly signal?: AbortSignal },
) => Promise<ToolResult>;

const TIME_LIMIT_MS = 20_000;
const OUTPUT_LIMIT = 64 * 1024;

/**
 * {@link RunTool} for real: an environment of nothing but a locale, no input, at most 20 seconds and 64 KiB of
 * output, and SIGKILL for what does not keep to that.
 */
export const runTool: RunTool = (path, argv, { cwd, signal }) =>
  new Promise((resolve) => {
    const child = execFile(
      path,
      argv,
      {
        cwd,
        env: { LC_ALL: 'C' },
        timeout: TIME_LIMIT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_LIMIT,
        windowsHide: true,
        ...(signal ? { signal } : {}),
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, output: `${stdout}${stderr}` || (error?.message ?? '') });
      },
    );
    child.stdin?.end();
  });
