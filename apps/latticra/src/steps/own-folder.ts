// SPDX-License-Identifier: Apache-2.0
/** The folder of a run: by which it is known as that of an earlier one, and what must not lie in it. */
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES, parseDocument } from '@latticra/evidence-format';
import { errnoOf } from '@latticra/failure';
import { HeldFileError, isHalfWritten, readFailure, readStableFile } from '@latticra/held-files';

/**
 * Returns a path as it was named where that means the same from the folder that the process is in, else absolute: for work that
 * names its files in reports as they were named.
 * @param cwd the folder that it was named from
 */
export function nameFromHere(path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  return absolute === resolve(path) ? path : absolute;
}

/** How the folder of a run is recognised. */
export interface FolderMark {
  /** What makes such folders: `rehearsal`. */
  readonly maker: string;
  /** The name of the report that each of them has. */
  readonly report: string;
  /** The title of that report. */
  readonly title: string;
}

/**
 * Returns whether a name stands for nothing, an empty folder, or one that an earlier run made.
 * @throws HeldFileError `exists` for anything else
 */
export async function stateOfFolder(
  folder: string,
  { maker, report, title }: FolderMark,
): Promise<'absent' | 'empty' | 'own'> {
  const stats = await lstat(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw readFailure(folder, error);
  });
  if (stats === undefined) return 'absent';
  // What a run that was killed left half-written, or another one is at, is nobody's work.
  const names = stats.isDirectory()
    ? (await listFolder(folder)).filter((name) => !isHalfWritten(name))
    : undefined;
  if (names?.length === 0) return 'empty';
  if (names?.includes(report)) {
    const { bytes } = await readStableFile(join(folder, report), { maxBytes: MAX_DOCUMENT_BYTES });
    if (titleOf(bytes) === title) return 'own';
  }
  const why = names?.includes(report)
    ? `exists, and its ${report} is not what a ${maker} writes`
    : `exists, and no ${maker} made it`;
  throw new HeldFileError('exists', folder, why, {
    fix: 'name another --output-dir, or move this away',
  });
}

/** Returns the title of a document; undefined for a text that is none, as of a report that was cut off. */
function titleOf(bytes: Uint8Array): string | undefined {
  try {
    return parseDocument(bytes).title;
  } catch (error) {
    if (error instanceof EvidenceError) return undefined;
    throw error;
  }
}

async function listFolder(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    throw readFailure(folder, error);
  });
}

/**
 * Refuses an input that lies in the folder of a run, links followed: it could be replaced or removed with what an earlier one left.
 * Both paths are absolute.
 * @param maker what the folder is of: `rehearsal`
 * @throws HeldFileError `exists`
 */
export async function assertOutside(
  flag: string,
  path: string,
  folder: string,
  maker: string,
): Promise<void> {
  const way = relative(await realLocation(folder), await realLocation(path));
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new HeldFileError('exists', path, `lies in the folder of the ${maker}, and --${flag} names it`, {
    fix: 'keep inputs elsewhere, or name another --output-dir',
  });
}

/** Returns the path with every link in it followed, as far as there is something there. */
async function realLocation(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realLocation(parent), basename(path));
  }
}
