// SPDX-License-Identifier: Apache-2.0
import { type ExecResult, execProgram, ToolchainError } from '@latticra/toolchain';

/** The end of a program: its exit code (null when it was killed or could not be started) and its output. */
export interface ToolResult {
  readonly code: number | null;
  readonly output: string;
}

/** The conditions that a program is run under. */
export interface RunToolOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal;
  /** Its environment, beside `LC_ALL=C`; nothing by default. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program at `path` with exactly these arguments. An error is part of the result; it rejects only where the machine has no more to give. */
export type RunTool = (path: string, argv: readonly string[], options: RunToolOptions) => Promise<ToolResult>;

const TIME_LIMIT_MS = 60_000;
const OUTPUT_LIMIT = 64 * 1024;

/** The messages about a program that was stopped before it printed anything. */
const STOPPED = {
  'time-limit': `still running after ${TIME_LIMIT_MS / 1000} s`,
  'output-limit': 'too much output',
  interrupted: 'interrupted',
};

/**
 * Runs a program as {@link RunTool} says: its environment is a locale and what is asked for, it has no input, and at
 * most 60 seconds and 64 KiB of output.
 */
export const runTool: RunTool = async (path, argv, { cwd, signal, env = {} }) => {
  try {
    return toolResult(
      await execProgram(path, argv, {
        cwd,
        env: { LC_ALL: 'C', ...env },
        timeLimitMs: TIME_LIMIT_MS,
        maxBytes: OUTPUT_LIMIT,
        together: true,
        ...(signal && { signal }),
      }),
    );
  } catch (error) {
    // Of what the program would have said nothing is known then.
    if (!(error instanceof ToolchainError) || error.code === 'machine-exhausted') throw error;
    return { code: null, output: error.message };
  }
};

function toolResult({ end, stdout: output }: ExecResult): ToolResult {
  if ('stopped' in end) return { code: null, output: output || STOPPED[end.stopped] };
  return { code: 'code' in end ? end.code : null, output };
}
