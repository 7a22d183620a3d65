// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, join, resolve, sep } from 'node:path';
import { bytesIn, HeldFileError, measureFile, pathOf } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import type { Progress } from '@latticra/lane';
import type { ReleaseCommand } from '../release/command.js';
import { RELEASE_FILE } from '../release/release.js';
import type { ReleaseState } from '../release/state.js';

/** A file that no longer is what a release was made of, or what a step of it left. */
export interface Change {
  /** Of a file in the folder its path from there, of another as the release was told of it. */
  readonly path: string;
  readonly says: string;
}

/** What the steps of a release call the files that it is made of, by the flag that names each. */
const TAKEN = [
  ['iso', 'iso'],
  ['vm-image', 'vm-image'],
  ['rootfs', 'the root'],
  ['recovery', 'the runbook'],
] as const;

interface Noted {
  readonly path: string;
  readonly file: Parameters<typeof measureFile>[0];
  readonly sha256: string;
}

/**
 * Measures again all that a finished release was made of and all that its steps left, and tells what is another file now, or gone. Each
 * file is read once, in constant memory.
 * @param folder of the release, absolute
 */
export async function changesSince(
  state: ReleaseState,
  {
    folder,
    cwd,
    command,
    progress,
  }: {
    readonly folder: string;
    readonly cwd: string;
    readonly command: ReleaseCommand | undefined;
    readonly progress: Progress;
  },
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const { path, file, sha256 } of [...takenBy(state, folder, cwd, command), ...leftBy(state, folder)]) {
    const now = await progress.track(
      `measuring ${path}`,
      (advance) => digestOf(file, advance),
      () => bytesIn(pathOf(file)),
    );
    if (now === sha256) continue;
    const was = `was sha256:${sha256.slice(0, 16)} when the release was made`;
    changes.push({
      path,
      says: now === undefined ? `is not there; it ${was}` : `is sha256:${now.slice(0, 16)}; it ${was}`,
    });
  }
  return changes;
}

function takenBy(
  state: ReleaseState,
  folder: string,
  cwd: string,
  command: ReleaseCommand | undefined,
): Noted[] {
  return TAKEN.flatMap(([flag, name]): Noted[] => {
    const sha256 = state.inputs.find((entry) => entry.name === name)?.sha256;
    if (sha256 === undefined) return [];
    const named = command?.files[flag];
    if (named !== undefined && command !== undefined)
      return [{ path: named, file: resolve(begunIn(folder, cwd, command), named), sha256 }];
    // Without a runbook of its own a release has the one that it wrote.
    return flag === 'recovery' && command !== undefined
      ? [{ path: RELEASE_FILE.recovery, file: fileBelow(folder, RELEASE_FILE.recovery), sha256 }]
      : [];
  });
}

/** Returns the folder that a release was begun in, which its relative paths are from: the one above what it names as its folder. */
function begunIn(folder: string, cwd: string, command: ReleaseCommand): string {
  const below = `${sep}${join(command.folder)}`;
  const isBelow = !isAbsolute(command.folder) && !below.includes('..') && folder.endsWith(below);
  return isBelow ? folder.slice(0, -below.length) || sep : cwd;
}

/** A name that leads out of the folder is refused where it is opened, and told as not there. */
const leftBy = ({ outputs }: ReleaseState, folder: string): Noted[] =>
  outputs.map(({ name, sha256 }) => ({ path: name, file: fileBelow(folder, name), sha256 }));

/** Measures a file; undefined for one that is not there, or is no file. What cannot be read is no answer, and thrown. */
async function digestOf(file: Noted['file'], onBytes: (bytes: number) => void): Promise<string | undefined> {
  try {
    return (await measureFile(file, { onBytes })).sha256;
  } catch (error) {
    if (
      error instanceof HeldFileError &&
      ['not-found', 'not-regular', 'link', 'outside'].includes(error.code)
    )
      return undefined;
    throw error;
  }
}
