// SPDX-License-Identifier: Apache-2.0
/**
 * The calls that a run makes on its project, found out by tracing it. All of them are made by the main thread, which is
 * the only one that is traced.
 */
import { isOurs, isWrite, type Kind, kindOf, textOf } from './call.js';
import { type Ended, strace, type Traced } from './strace.js';

/** Whether to go through every step (`FULL_SWEEP=1`), rather than the first and the last of each kind. */
export const FULL_SWEEP = process.env.FULL_SWEEP === '1';

/** A call that the run makes on its project. */
export interface Step {
  readonly kind: Kind;
  /** The name of the system call. */
  readonly call: string;
  /**
   * Its number among the calls of that name on the project, and among all of that name, also those that Node makes for
   * itself.
   */
  readonly nth: number;
  readonly nthOfAll: number;
  /** The call and its arguments as text. */
  readonly text: string;
  /** The value that it returned. */
  readonly result: string;
}

/** The calls to trace: all that name a file, and those on descriptors that read, write, or make it stay. */
const TRACE =
  'trace=%file,read,pread64,readv,preadv,write,pwrite64,writev,pwritev,ftruncate,fallocate,fsync,fdatasync,' +
  'getdents64,fchdir,fchmod,fchown,fstat,fstatfs,flock,copy_file_range,sendfile,close';

/** Calls that ask no disk, as the kernel knows where a process is. */
const APART = new Set(['execve', 'getcwd']);

/** Traces a run that nothing disturbs, and returns its steps and its end. */
export function traceSteps(run: Traced): { readonly steps: readonly Step[]; readonly ended: Ended } {
  const { ended, lines } = strace(['-e', TRACE], run);
  const all = new Map<string, number>();
  const ours = new Map<string, number>();
  const count = (counts: Map<string, number>, call: string) => {
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    return nth;
  };
  const steps = lines.flatMap((line) => {
    const call = /^\w+(?=\()/.exec(line)?.[0];
    if (call === undefined || APART.has(call)) return [];
    const nthOfAll = count(all, call);
    if (!isOurs(line, run.project)) return [];
    const nth = count(ours, call);
    const result = / = (-?\w+)[^=]*$/.exec(line)?.[1] ?? '';
    return [{ kind: kindOf(call, line), call, nth, nthOfAll, text: textOf(call, line, run.project), result }];
  });
  return { steps, ended };
}

/** Returns the first and the last of each kind, or all in a full sweep. */
export function sampleOf(steps: readonly Step[]): readonly Step[] {
  if (FULL_SWEEP) return steps;
  const kinds = steps.map(({ kind }) => kind);
  const isEnd = (kind: Kind, index: number) =>
    kinds.indexOf(kind) === index || kinds.lastIndexOf(kind) === index;
  return steps.filter(({ kind }, index) => isEnd(kind, index));
}

/** Returns the step behind the last of each kind that writes, or behind each in a full sweep. */
export function behindWrites(steps: readonly Step[]): readonly Step[] {
  const writes = lastOfEachKind(steps.filter(isWrite));
  return writes.flatMap((step) => steps.slice(steps.indexOf(step) + 1).slice(0, 1));
}

/** Returns the last of each kind, or all in a full sweep. */
export function lastOfEachKind(steps: readonly Step[]): readonly Step[] {
  if (FULL_SWEEP) return steps;
  const kinds = steps.map(({ kind }) => kind);
  return steps.filter(({ kind }, index) => kinds.lastIndexOf(kind) === index);
}
