// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A command line, and where it is at work. */
export interface Traced {
  readonly argv: readonly string[];
  readonly project: string;
  /** Where strace may write. */
  readonly log: string;
  /** Counts only calls on this file, of each thread by itself. */
  readonly only?: string;
}

/** How a run ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it under strace, and returns the calls of its main thread as strace shows them, with what descriptors are of. */
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
