// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A command line to trace, and the project that it works in. */
export interface Traced {
  readonly argv: readonly string[];
  readonly project: string;
  /** The path that strace may write to. */
  readonly log: string;
  /** The one file whose calls are counted, for each thread by itself; all unless given. */
  readonly only?: string;
}

/** The end of a run. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command under strace, and returns the calls of its main thread as strace shows them, with what descriptors are
 * of.
 */
export function strace(options: readonly string[], { argv, log, only }: Traced) {
  const threads = only === undefined ? [] : ['-f', '-P', only];
  const { status, signal, stdout, stderr } = spawnSync(
    'strace',
    ['-y', '-qq', '-o', log, ...threads, ...options, ...argv],
    // Not in the project: what Node opens by itself must not look like a part of it.
    { cwd: '/', encoding: 'utf8' },
  );
  const lines = readFileSync(log, 'utf8').split('\n');
  // With several threads each line begins with which one it is of.
  return {
    ended: { status, signal, stdout, stderr },
    lines: lines.map((line) => line.replace(/^\d+ +/, '')),
  };
}
