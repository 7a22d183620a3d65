// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import {
  type AnchoredFolder,
  type Identity,
  type Name,
  safeName,
  type Visits,
} from '@latticra/held-files/anchor';
import { isArtifact } from './artifact.js';
import { type Collector, createCollector, type Scope, type ScopeRules } from './collect.js';
import { type Hold, holdFolder } from './hold.js';
import { createReaders, type Readers, type ReadersOptions } from './readers.js';

/** Options of a walk. The root was opened with the label '.', so that messages begin with the path from it. */
export interface WalkOptions
  extends ScopeRules,
    Omit<ReadersOptions, 'onOutcomes' | 'aheadRatio' | 'visits'> {
  /** Goes into folders to look up their names, and is closed in the end; undefined for nobody. */
  readonly visits?: Visits | undefined;
  /** Takes the number of files that each step was done with. */
  readonly onFiles: (count: number) => void;
}

/** The names that are looked at in one go. */
const LOOK_NAMES = 256;

/** The names that are looked at before signals get their turn, should there be nothing to read among them. */
const TURN_NAMES = 1024;

/** Looks names up from wherever the process is. */
const STAYING: Pick<Visits, 'within' | 'close'> = { within: (_, work) => work(), close: () => undefined };

/** The number of files of one folder that are handed on together. */
const PART_FILES = 256;
const PART_BYTES = 8 << 20;

/**
 * Goes through everything under the root that is not excluded, opens each file once, and never leaves the folders it
 * holds; with the anchoring `none` it holds none. Folders are gone into one at a time; each stays open until its files
 * are read.
 */
export async function walkScope(options: WalkOptions): Promise<Scope> {
  const { root } = options;
  const folderCount = { entered: 0, ahead: 0 };
  const collector = createCollector(options);
  const visits = options.visits ?? STAYING;
  const readers = createReaders({
    ...options,
    visits,
    aheadRatio: () => folderCount.ahead / folderCount.entered,
    onOutcomes: ({ hold, paths }, outcomes) => {
      for (const [index, path] of paths.entries()) {
        collector.add(path, outcomes[index] ?? { failure: `${path}: was not read` });
      }
      collector.attempt(() => hold.release());
      options.onFiles(paths.length);
    },
  });
  let looks = 0;
  const identities = new BigInt64Array(2 * PART_FILES);
  const mount = root.mountId();

  const goInto = async (folder: AnchoredFolder, prefix: string, close?: () => void): Promise<void> => {
    const hold = collector.attempt(() => holdFolder(folder, prefix, close));
    if (hold === undefined) return;
    folderCount.entered += 1;
    const folders: (Identity & { readonly name: string })[] = [];
    const files = createPart(hold, readers, identities);
    const names = hold.listing.names[Symbol.iterator]();
    for (let isEnd = false; !isEnd; ) {
      const seen: Seen[] = [];
      isEnd = readers.within(folder, () => lookAtSome(names, hold, collector, seen));
      for (const entry of seen) {
        if (entry.isFolder) {
          const { name, dev, ino } = entry;
          // No more of it is kept: there may be a million of them.
          folders.push({ name, dev, ino });
          continue;
        }
        // A large one comes alone.
        if (entry.size >= PART_BYTES) await files.flush();
        files.add(entry);
        if (files.isFull()) await files.flush();
      }
      looks += LOOK_NAMES;
      if (looks % TURN_NAMES === 0) {
        await setImmediate();
        options.signal.throwIfAborted();
      }
    }
    await files.flush();
    folderCount.ahead += folders.length;
    for (const seen of folders) {
      folderCount.ahead -= 1;
      const child = collector.attempt(() => openChild(folder, seen));
      if (child !== undefined) await goInto(child, `${prefix}${seen.name}/`);
    }
    collector.attempt(() => hold.release());
  };

  /** Holds a folder in another, if it is of the same mount. */
  const openChild = (
    folder: AnchoredFolder,
    seen: Identity & { readonly name: string },
  ): AnchoredFolder | undefined => {
    const child = folder.openFolder(seen.name, seen);
    let isSame = false;
    try {
      isSame = child.mountId() === mount && child.stats.dev === root.stats.dev;
    } finally {
      if (!isSame) child.close();
    }
    if (isSame) return child;
    collector.incomplete(
      `${child.path}: something else is mounted there, expected a folder of the project; unmount it, or exclude it`,
    );
    return undefined;
  };

  try {
    await goInto(root, '', () => undefined);
    await readers.finish();
  } finally {
    visits.close();
    await readers.close();
  }
  return collector.finish();
}

/** What is kept of a name that was looked at: the system says twenty things more, and to clear those away takes time. */
interface Seen extends Identity {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: number;
}

/** Looks at the next names, and adds what they stand for. Returns whether there are no more. */
function lookAtSome(names: Iterator<Name>, hold: Hold, collector: Collector, seen: Seen[]): boolean {
  for (let count = 0; count < LOOK_NAMES; count += 1) {
    const { done, value } = names.next();
    if (done) return true;
    const entry = collector.attempt(() => look(value, hold, collector));
    if (entry !== undefined) seen.push(entry);
  }
  return false;
}

/** Looks at a name, and returns what it stands for, if it is in the scope and may be. */
function look(listed: Name, hold: Hold, collector: Collector): Seen | undefined {
  const { folder, prefix } = hold;
  const name = safeName(listed, prefix);
  const path = prefix + name;
  const stats = folder.lstat(name);
  if (stats === undefined) {
    // Another run takes its temporaries away at any time, and they are no evidence.
    if (isArtifact(path)) return undefined;
    collector.incomplete(`${path}: was removed while its folder was walked`);
    return undefined;
  }
  if (!collector.see(path, name, stats)) return undefined;
  hold.see(name, stats);
  const { dev, ino, size } = stats;
  return { name, path, isFolder: stats.isDirectory(), size: Number(size), dev, ino };
}

/**
 * Gathers the files of one folder and hands them on in parts, each of which keeps the folder open.
 * @param identities room for those of one part
 */
function createPart(hold: Hold, readers: Readers, identities: BigInt64Array) {
  const start = () => ({ names: [] as string[], paths: [] as string[], bytes: 0 });
  let part = start();
  const { fd, path, stats } = hold.folder;
  const folder = { fd, path, stats: { dev: stats.dev, ino: stats.ino } };
  return {
    isFull: () => part.names.length === PART_FILES || part.bytes >= PART_BYTES,
    add({ name, path, dev, ino, size }: Seen) {
      const at = 2 * part.names.length;
      identities[at] = dev;
      identities[at + 1] = ino;
      part.names.push(name);
      part.paths.push(path);
      part.bytes += size;
    },
    async flush() {
      const count = part.names.length;
      if (count === 0) return;
      hold.take();
      const work = { ...part, identities: identities.slice(0, 2 * count), folder, hold };
      part = start();
      await readers.add(work);
    },
  };
}
