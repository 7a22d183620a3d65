// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { errnoOf } from '@latticra/failure';
import { exhausted, ToolchainError } from '../error.js';

/** What the system says of a file that is there and no program: not ours to run, not of this machine, a folder. */
const NOT_EXECUTABLE = ['EACCES', 'EPERM', 'ENOEXEC', 'EISDIR'];

/** Makes the error that tells why the system did not start the program at `path` in the folder `cwd`. */
export function notStarted(path: string, cwd: string, cause: unknown): ToolchainError {
  const lacking = exhausted(path, cause);
  if (lacking !== undefined) return lacking;
  const errno = errnoOf(cause);
  if (errno === 'E2BIG') {
    return new ToolchainError('arguments-too-long', `${path}: its arguments are too long (E2BIG)`, {
      cause,
      fix: 'name fewer files, or move them to a folder with a shorter path',
    });
  }
  if (!isFolder(cwd)) {
    return new ToolchainError('program-not-started', `${path}: there is no folder ${cwd} to run in`, {
      cause,
    });
  }
  if (errno === 'ENOENT' || errno === 'ENOTDIR') {
    const what = 'it, or the interpreter that it names, is not there';
    return new ToolchainError('program-missing', `${path}: cannot be started: ${what} (${errno})`, {
      cause,
      fix: 'install it, or correct PATH',
    });
  }
  if (NOT_EXECUTABLE.includes(errno)) {
    return new ToolchainError('program-not-executable', `${path}: cannot be executed (${errno})`, {
      cause,
      fix: 'name a program of this machine that you may execute',
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ToolchainError('program-not-started', `${path}: cannot be started: ${reason}`, { cause });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
