// SPDX-License-Identifier: Apache-2.0
import { errnoOf, exhaustionOf, Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * A kind of failure of a file or folder.
 *
 * - `no-place`: what was given is neither a path nor an open file.
 * - `not-found`, `unreadable`: the input is not there, or may not be opened.
 * - `not-regular`: a folder, FIFO, socket or device where a file belongs.
 * - `changed`: it was not the same file, of the same content, from the first look to the last.
 * - `too-large`: more bytes than the caller is prepared to hold.
 * - `cannot-create`, `exists`: the output may not be created there, or something is there already.
 * - `io`: reading or writing failed underneath: no space, a bad sector, too many open files.
 *
 * For folders that are held by their descriptor, besides:
 *
 * - `not-folder`: something else, a symbolic link included, where a folder belongs.
 * - `hard-linked`: a file that has another name somewhere, through which others may write it.
 * - `outside`: a file that lies outside of the folder that it has to lie in, or of which that cannot be told.
 * - `unsafe-name`: a name that would not be the same to everybody who reads it.
 * - `unsafe-folder`: an output folder of another user, or in which others may write.
 * - `not-durable`: written and in its place, but a power cut may undo it.
 * - `unsupported`: this system has no way to hold a folder safely.
 */
export type HeldFileErrorCode =
  | 'no-place'
  | 'not-found'
  | 'not-regular'
  | 'changed'
  | 'too-large'
  | 'unreadable'
  | 'cannot-create'
  | 'exists'
  | 'io'
  | 'not-folder'
  | 'hard-linked'
  | 'outside'
  | 'unsafe-name'
  | 'unsafe-folder'
  | 'not-durable'
  | 'unsupported';

const KIND: Record<HeldFileErrorCode, FailureKind> = {
  'no-place': 'usage',
  'not-found': 'input-missing',
  unreadable: 'input-missing',
  'not-regular': 'data',
  changed: 'data',
  'too-large': 'data',
  'cannot-create': 'cannot-create',
  exists: 'cannot-create',
  io: 'io',
  'not-folder': 'data',
  'hard-linked': 'data',
  outside: 'data',
  'unsafe-name': 'data',
  'unsafe-folder': 'cannot-create',
  'not-durable': 'io',
  unsupported: 'tool-missing',
};

/** Thrown by everything in this package; the message begins with the path. */
export class HeldFileError extends Failure<HeldFileErrorCode> {
  readonly path: string;

  constructor(code: HeldFileErrorCode, path: string, reason: string, details?: FailureDetails) {
    super(code, KIND[code], `${path}: ${reason}`, details);
    this.path = path;
  }
}

const REASON: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ELOOP: 'too many symbolic links',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'name too long',
  ENXIO: 'not a readable file',
  EROFS: 'read-only file system',
  EBUSY: 'is in use by the system, as a mount point is',
  EEXIST: 'exists already',
  ENOTEMPTY: 'exists already and is not empty',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file size limit exceeded',
  EIO: 'input/output error',
  EINTR: 'interrupted by signals again and again',
  ESTALE: 'stale file handle',
  EINVAL: 'invalid path or operation',
};

/** Advice where the reason alone does not say what to do. */
const FIX: Record<string, string> = {
  ENOSPC: 'make room on that disk, then run this again',
  EDQUOT: 'make room, or have the quota raised, then run this again',
  EROFS: 'name a place that can be written to',
  EBUSY: 'name a new folder in it, or elsewhere',
  // The limit is that of the process, or of the file system: nothing tells which.
  EFBIG:
    'raise the limit of file sizes, which ulimit -f shows; FAT holds no file of 4 GiB, exFAT and ext4 do',
  // A folder that was not free is found before the work; this one was filled during it.
  ENOTEMPTY: 'see what else works there, let it finish, then run this again',
};

/** Codes of requests that cannot be served, as against a machine that fails while serving one. */
const DENIED = new Set([
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'ENXIO',
  'EROFS',
  'EINVAL',
]);

function detailsOf(cause: unknown): FailureDetails {
  const fix = exhaustionOf(cause)?.fix ?? FIX[errnoOf(cause)];
  return fix === undefined ? { cause } : { cause, fix };
}

function reasonOf(error: unknown): string {
  const errno = errnoOf(error);
  const text =
    exhaustionOf(error)?.what ??
    REASON[errno] ??
    (error instanceof Error ? error.message.split('\n', 1)[0] : String(error));
  return errno === '' ? `${text}` : `${text} (${errno})`;
}

/** Turns what Node threw while opening or reading `path` into a reasoned error; one that is reasoned stays itself. */
export function readFailure(path: string, error: unknown): HeldFileError {
  if (error instanceof HeldFileError) return error;
  const errno = errnoOf(error);
  // A file where a folder of the path should be means just as much that there is no such file.
  const code =
    errno === 'ENOENT' || errno === 'ENOTDIR' ? 'not-found' : DENIED.has(errno) ? 'unreadable' : 'io';
  return new HeldFileError(code, path, reasonOf(error), detailsOf(error));
}

/** Turns what Node threw while creating, writing or renaming `path` into a reasoned error. */
export function writeFailure(path: string, error: unknown): HeldFileError {
  if (error instanceof HeldFileError) return error;
  const errno = errnoOf(error);
  const code =
    errno === 'EEXIST' || errno === 'ENOTEMPTY'
      ? 'exists'
      : errno === 'ENOENT' || errno === 'EBUSY' || DENIED.has(errno)
        ? 'cannot-create'
        : 'io';
  return new HeldFileError(code, path, reasonOf(error), detailsOf(error));
}
