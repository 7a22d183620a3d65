// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import { type AnchoredFolder, decodeName } from '@latticra/held-files/anchor';
import type { HashEntry } from '../hash-list/entry.js';
import { comparePaths, pathProblem } from '../path.js';
import type { Matcher } from '../pattern.js';
import { isArtifact } from './artifact.js';
import type { FileOutcome } from './batch.js';
import { type Hold, holdFolder } from './hold.js';
import { failureText } from './read-file.js';
import { createReaders, type Readers, type ReadersOptions, type Work } from './readers.js';

/** What is looked at, and how. */
export interface WalkOptions extends Omit<ReadersOptions, 'onOutcomes'> {
  /** Opened with the label '.', so that messages begin with the path from it. Stays open. */
  readonly root: AnchoredFolder;
  /** What stays out of the scope; an excluded folder is not opened. */
  readonly exclude: Matcher;
  /** Why a file of this name must not be there, or undefined where it may. */
  readonly deniedName: (path: string, name: string) => string | undefined;
}

/** What is in the scope. */
export interface Scope {
  /** Every file that could be read, in byte order of the paths. */
  readonly entries: readonly HashEntry[];
  /** Why something in it could not be looked at as what it was seen to be. Nothing is vouched for beside one. */
  readonly incomplete: readonly string[];
  /** Files that must not be called what they are called. */
  readonly deniedNames: readonly string[];
  /** Files that hold what none must. */
  readonly deniedContents: readonly string[];
  /** Files of more than 25 MiB. */
  readonly large: readonly string[];
}

/** What `policy.max_file_size_mb` is about. */
const LARGE_BYTES = 25 << 20;

/** Files of one folder that are handed on together. */
const PART_FILES = 256;
const PART_BYTES = 8 << 20;

/**
 * Goes through everything under the root that is not excluded, opens each file once, and never leaves the folders
 * it holds. Folders are gone into one at a time; each stays open until its files are read.
 */
export async function walkScope(options: WalkOptions): Promise<Scope> {
  const found = {
    entries: [] as HashEntry[],
    incomplete: [] as string[],
    deniedNames: [] as string[],
    deniedContents: [] as string[],
    large: [] as string[],
  };
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      found.incomplete.push(failureText(error));
    }
  };
  const record = ({ hold, paths }: Work, outcomes: readonly FileOutcome[]) => {
    for (const [index, path] of paths.entries()) {
      const outcome = outcomes[index] ?? { failure: `${path}: was not read` };
      if ('failure' in outcome) {
        found.incomplete.push(outcome.failure);
        continue;
      }
      found.entries.push({ path, sha256: outcome.sha256 });
      for (const name of outcome.found) found.deniedContents.push(`${path}: holds ${name}`);
    }
    attempt(() => hold.release());
  };
  const readers = createReaders({ ...options, onOutcomes: record });
  const mount = options.root.mountId();

  const goInto = async (folder: AnchoredFolder, prefix: string, close?: () => void): Promise<void> => {
    const hold = holdFolder(folder, prefix, close);
    const folders: { readonly name: Buffer; readonly stats: Pick<BigIntStats, 'dev' | 'ino'> }[] = [];
    const files = createPart(hold, readers);
    for (const name of hold.listing.names) {
      const entry = look(name, hold);
      if (entry === undefined) continue;
      const { stats, path } = entry;
      if (stats.isDirectory()) folders.push({ name, stats: { dev: stats.dev, ino: stats.ino } });
      else await files.add(entry, path);
    }
    await files.flush();
    for (const { name, stats } of folders) {
      const path = prefix + name.toString();
      try {
        const child = folder.openFolder(name, stats);
        if (child.mountId() !== mount || child.stats.dev !== options.root.stats.dev) {
          child.close();
          found.incomplete.push(`${path}: something else is mounted there, expected a folder of the project`);
          continue;
        }
        await goInto(child, `${path}/`);
      } catch (error) {
        found.incomplete.push(failureText(error));
      }
    }
    hold.release();
  };

  /** What a name stands for, if it is in the scope and may be. */
  const look = (bytes: Buffer, { folder, prefix }: Hold) => {
    try {
      const name = decodeName(bytes, prefix);
      const path = prefix + name;
      const stats = folder.lstat(bytes);
      if (stats === undefined) {
        found.incomplete.push(`${path}: was removed while its folder was walked`);
        return undefined;
      }
      if (options.exclude({ path, name, isFolder: stats.isDirectory() })) return undefined;
      if (isArtifact(path) && stats.isFile()) return undefined;
      const problem = pathProblem(path) ?? kindProblem(stats);
      if (problem !== undefined) {
        found.incomplete.push(`${path}: ${problem}`);
        return undefined;
      }
      if (stats.isFile()) {
        const denied = options.deniedName(path, name);
        if (denied !== undefined) found.deniedNames.push(`${path}: ${denied}`);
        if (stats.size > LARGE_BYTES) found.large.push(path);
      }
      return { name, path, stats };
    } catch (error) {
      found.incomplete.push(failureText(error));
      return undefined;
    }
  };

  try {
    await goInto(options.root, '', () => undefined).catch((error: unknown) => {
      found.incomplete.push(failureText(error));
    });
    await readers.finish();
  } finally {
    await readers.close();
  }
  sortEntries(found.entries);
  return found;
}

/** Gathers the files of one folder and hands them on in parts, each of which keeps the folder open. */
function createPart(hold: Hold, readers: Readers) {
  const start = () => ({
    names: [] as string[],
    paths: [] as string[],
    identities: [] as bigint[],
    bytes: 0,
  });
  let part = start();
  const { fd, path, stats } = hold.folder;
  const folder = { fd, path, stats: { dev: stats.dev, ino: stats.ino } };
  const flush = async () => {
    if (part.names.length === 0) return;
    hold.take();
    const work = { ...part, folder, hold };
    part = start();
    await readers.add(work);
  };
  return {
    flush,
    async add(file: { readonly name: string; readonly stats: BigIntStats }, filePath: string) {
      part.names.push(file.name);
      part.paths.push(filePath);
      part.identities.push(file.stats.dev, file.stats.ino);
      part.bytes += Number(file.stats.size);
      if (part.names.length >= PART_FILES || part.bytes >= PART_BYTES) await flush();
    },
  };
}

/** Why there is no evidence of such a thing, or undefined for a folder and a file of one name. */
function kindProblem(stats: BigIntStats): string | undefined {
  if (stats.isDirectory()) return undefined;
  if (stats.isFile()) {
    return stats.nlink === 1n ? undefined : `has ${stats.nlink} names (hard links), expected one`;
  }
  const kind = stats.isSymbolicLink()
    ? 'a symbolic link'
    : stats.isFIFO()
      ? 'a FIFO'
      : stats.isSocket()
        ? 'a socket'
        : 'a device';
  return `is ${kind}, expected a regular file or a folder`;
}

/** Nearly sorted as they come; only names beyond U+FFFF need the slow comparison. */
function sortEntries(entries: HashEntry[]): void {
  const isSimple = !entries.some(({ path }) => /[\ud800-\udfff]/.test(path));
  entries.sort(isSimple ? (a, b) => (a.path < b.path ? -1 : 1) : (a, b) => comparePaths(a.path, b.path));
}
