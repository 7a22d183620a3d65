// SPDX-License-Identifier: Apache-2.0
import { errnoOf } from './errno.js';

/** What a machine, or what it grants to a process, is used up: nothing that was asked for, and no input, is at fault. */
export interface Exhaustion {
  /** The system's name for it: `EMFILE`. */
  readonly errno: string;
  /** In words: `too many open files`. */
  readonly what: string;
  /** What to do about it, as {@link FailureDetails.fix}. */
  readonly fix: string;
}

const EXHAUSTED: Readonly<Record<string, Omit<Exhaustion, 'errno'>>> = {
  EMFILE: { what: 'too many open files', fix: 'raise the limit of open files, which ulimit -n shows' },
  ENFILE: {
    what: 'too many open files on this machine',
    fix: 'end what holds many of them open, or raise the limit of the whole machine, which sysctl fs.file-max shows',
  },
  EAGAIN: {
    what: 'no more processes or threads can be started',
    fix: 'end what runs beside this, or raise the limit of processes, which ulimit -u shows',
  },
  ENOMEM: { what: 'out of memory', fix: 'see that there is memory enough, then run this again' },
};

/** What says EAGAIN of a process or thread that cannot be started; a pipe that is full says the same. */
const STARTS = /^(?:spawn|fork|uv_spawn)\b/;

/** What Node says of a thread that cannot be started, with the system's name behind it. */
const THREAD = /^Worker initialization failure: (E[A-Z0-9]+)$/;

/** How many causes are looked at: a chain of them may be a circle. */
const MAX_CAUSES = 16;

/** Returns what is used up, where that is what an error, or one underneath it, is about; undefined for any other. */
export function exhaustionOf(error: unknown): Exhaustion | undefined {
  let at = error;
  for (let count = 0; at instanceof Error && count < MAX_CAUSES; count++) {
    const errno = exhaustedIn(at);
    const found = Object.hasOwn(EXHAUSTED, errno) ? EXHAUSTED[errno] : undefined;
    if (found !== undefined) return { errno, ...found };
    at = at.cause;
  }
  return undefined;
}

function exhaustedIn(error: Error): string {
  if (!('code' in error)) return '';
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return 'ENOMEM';
  if (error.code === 'ERR_WORKER_INIT_FAILED') return THREAD.exec(error.message)?.[1] ?? '';
  const errno = errnoOf(error);
  const isStart = 'syscall' in error && typeof error.syscall === 'string' && STARTS.test(error.syscall);
  return errno === 'EAGAIN' && !isStart ? '' : errno;
}
