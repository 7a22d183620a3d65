// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageEntry } from '@latticra/disk-image/files';
import { errnoOf } from '@latticra/failure';
import {
  createNewFile,
  HeldFileError,
  setPermissions,
  stageFolder,
  writeFailure,
} from '@latticra/held-files';
import { piecesOf } from './pieces.js';
import { type ExtractPlan, planExtraction } from './plan.js';

/** A file that was extracted. */
export interface ExtractedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What an extraction made, and what it left out. */
export interface Extraction extends Pick<ExtractPlan, 'folders' | 'links' | 'leftOut'> {
  readonly files: readonly ExtractedFile[];
}

/** How an extraction is bounded, watched and ended. */
export interface ExtractOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly onBytes: (count: number) => void;
  /** Takes how many bytes there are to extract, before the first. */
  readonly onTotal: (bytes: number) => void;
}

/**
 * Extracts entries of an image into a new or empty folder, which appears when all of it is there and synced. Everything is made
 * in a folder that nobody else knows, under names that are free, links last: so nothing is written through a link.
 * @throws ExtractError before anything is written; HeldFileError for the folder; what reading the image throws
 */
export function extractInto(
  folder: string,
  entries: () => Iterable<ImageEntry>,
  { maxBytes, signal, onBytes, onTotal }: ExtractOptions,
): Promise<Extraction> {
  return stageFolder(folder, async (staging) => {
    const plan = planExtraction(entries(), { maxBytes, caseSensitive: await tellsCase(staging) });
    onTotal(plan.files.reduce((sum, { size }) => sum + size, 0));
    await told(folder, () => makeFolders(staging, plan.folders));
    const files: ExtractedFile[] = [];
    for (const entry of plan.files) files.push(await writeEntry(staging, entry, { signal, onBytes }));
    await told(folder, () => makeLinks(staging, plan.links));
    return { ...plan, files };
  });
}

/** Tries whether a folder tells `A` from `a`: there are file systems that do not, and folders of those that do. */
async function tellsCase(folder: string): Promise<boolean> {
  const probe = await mkdtemp(join(folder, 'Case-'));
  try {
    const other = await stat(probe.replace(/Case-([^/]*)$/, 'cASE-$1')).catch(() => undefined);
    return other === undefined;
  } finally {
    await rm(probe, { recursive: true });
  }
}

async function makeFolders(staging: string, folders: readonly string[]): Promise<void> {
  for (const path of folders) await mkdir(join(staging, path));
}

async function makeLinks(staging: string, links: ExtractPlan['links']): Promise<void> {
  for (const { path, target } of links) await symlink(target, join(staging, path));
}

async function writeEntry(
  staging: string,
  entry: ImageEntry,
  { signal, onBytes }: Pick<ExtractOptions, 'signal' | 'onBytes'>,
): Promise<ExtractedFile> {
  const path = join(staging, entry.path);
  const hash = createHash('sha256');
  const file = await createNewFile(path);
  try {
    let at = 0;
    for await (const piece of piecesOf(entry.open(), signal)) {
      hash.update(piece);
      // What is zero stays a hole: an image may say much that it does not hold.
      if (piece.some((byte) => byte !== 0)) file.write(piece, at);
      at += piece.length;
      onBytes(piece.length);
    }
    await file.finish(entry.size);
  } finally {
    await file.close();
  }
  // Whether it is a program; all else that permissions say is about users that this system need not have.
  if (((entry.mode ?? 0) & 0o100) !== 0)
    await told(path, async () => setPermissions(path, 0o777 & ~process.umask()));
  return { path: entry.path, size: entry.size, sha256: hash.digest('hex') };
}

/** Does what the system may refuse, and tells that with a path. */
async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = writeFailure(path, error);
    if (errnoOf(error) !== 'EPERM') throw failure;
    // What a file system says that has no such thing.
    throw new HeldFileError(failure.code, path, 'operation not permitted (EPERM)', {
      cause: error,
      fix: 'extract to where there are permissions and symbolic links; FAT and its like have none',
    });
  }
}
