// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import { HeldFileError } from '@latticra/held-files';
import type { AnchoredFolder, Visits } from '@latticra/held-files/anchor';
import { withFix } from '../error.js';
import type { Marker } from '../policy/marker.js';
import { createMarkerScan } from '../policy/scan.js';
import type { BatchPart, FileOutcome } from './batch.js';
import type { Helper } from './helper.js';
import type { Hold } from './hold.js';
import { CHUNK_BYTES, createFileReader, identityAt, readPart } from './read-file.js';
import { type LargeReading, readLarge } from './read-large.js';

/** Files of one folder to be read, and their names in the evidence. */
export interface Work extends BatchPart {
  readonly hold: Hold;
  readonly paths: readonly string[];
  /** Length of all of them together. */
  readonly bytes: number;
}

/**
 * The number of files in a request: it keeps a thread busy for some milliseconds, beside which a message costs nothing.
 */
const REQUEST_FILES = 256;
const REQUEST_BYTES = 8 << 20;
/** The most folders that a request keeps open. */
const REQUEST_PARTS = 32;

/** The most requests that the other thread has at hand, for when this one is slow to ask again. */
const MAX_OUTSTANDING = 3;

/**
 * The bytes from which on a second thread is worth its start, which takes as long as reading them: about 1,500 small
 * files, or 64 MiB.
 */
const HELPER_COST = 64 << 20;
const FILE_COST = 40 << 10;

/**
 * The size from which on a file has both threads to itself, one to read and search it and one to hash it: what that
 * saves is as much as the start of the second one takes.
 */
const LARGE_BYTES = 128 << 20;

/** The readers of what the walk finds: this thread, and a second one once there is enough. */
export interface Readers {
  /** Does some work in a folder, in its place where this thread may go there: not while the second one is starting. */
  within<T>(folder: AnchoredFolder, work: () => T): T;
  /** Adds files, which are read sooner or later. */
  add(work: Work): Promise<void>;
  /** Waits until all that was added is read. */
  finish(): Promise<void>;
  /** Ends the second thread. */
  close(): Promise<void>;
}

/** Options of {@link createReaders}. */
export interface ReadersOptions {
  /**
   * The root. Where it is anchored in procfs, its folders can be lent to a thread, which has no working directory of
   * its own.
   */
  readonly root: AnchoredFolder;
  readonly markers: readonly Marker[];
  /** Goes into the folders that this thread reads in. */
  readonly visits: Pick<Visits, 'within'>;
  /** Starts a second thread; absent where there can be none. */
  readonly startHelper: (() => Helper) | undefined;
  readonly onOutcomes: (work: Work, outcomes: readonly FileOutcome[]) => void;
  readonly onBytes: (count: number) => void;
  /** Returns how many folders are known to be ahead, for each that was gone into. */
  readonly aheadRatio: () => number;
  readonly signal: AbortSignal;
}

/** Makes readers, without a second thread before it is worth it. `close` has to be called in any case. */
export function createReaders(options: ReadersOptions): Readers {
  const scan = createMarkerScan(options.markers, CHUNK_BYTES);
  const reader = createFileReader(scan, options.onBytes);
  const lendsFolders = options.root.anchoring === 'procfs';
  let request: Work[] = [];
  let size = { files: 0, bytes: 0 };
  let cost = 0;
  let helper: Helper | undefined;
  const underWay = new Set<Promise<void>>();
  let broken: { readonly reason: unknown } | undefined;

  const within: Readers['within'] = (folder, work) =>
    helper === undefined || helper.hasAnswered ? options.visits.within(folder, work) : work();
  const readHere = (works: readonly Work[]) => {
    for (const work of works) {
      const { folder } = work.hold;
      options.onOutcomes(
        work,
        within(folder, () => readPart(reader, folder, work)),
      );
    }
  };
  const readThere = (works: readonly Work[], by: Helper) => {
    const parts = works.map(({ folder, names, identities }) => ({ folder, names, identities }));
    const job = by.read(parts).then(
      (outcomes) => {
        for (const [index, work] of works.entries()) {
          options.onBytes(work.bytes);
          options.onOutcomes(work, outcomes[index] ?? []);
        }
      },
      (reason: unknown) => {
        broken = { reason };
      },
    );
    const tracked = job.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  const flush = async () => {
    const works = request;
    request = [];
    cost += size.bytes + size.files * FILE_COST;
    // What is ahead is taken to be like what was come by.
    const expected = cost * (1 + options.aheadRatio());
    if (lendsFolders && expected > HELPER_COST) helper ??= options.startHelper?.();
    size = { files: 0, bytes: 0 };
    if (lendsFolders && helper !== undefined && helper.outstanding < MAX_OUTSTANDING)
      readThere(works, helper);
    else readHere(works);
    // Answers, signals and timers get their turn.
    await setImmediate();
    options.signal.throwIfAborted();
    if (broken !== undefined) throw broken.reason;
  };
  return {
    within,
    async add(work) {
      if (work.bytes >= LARGE_BYTES) {
        // It comes alone.
        const hasThreads = options.startHelper !== undefined;
        options.onOutcomes(work, [await readAlone(work, { ...options, scan, hasThreads })]);
        return;
      }
      request.push(work);
      size = { files: size.files + work.names.length, bytes: size.bytes + work.bytes };
      const isEnough =
        size.files >= REQUEST_FILES || size.bytes >= REQUEST_BYTES || request.length >= REQUEST_PARTS;
      if (isEnough) await flush();
    },
    async finish() {
      if (request.length > 0) await flush();
      await Promise.all(underWay);
      if (broken !== undefined) throw broken.reason;
    },
    async close() {
      await helper?.end();
    },
  };
}

async function readAlone(work: Work, reading: LargeReading): Promise<FileOutcome> {
  try {
    const file = work.hold.folder.openFile(work.names[0] ?? '', identityAt(work, 0));
    try {
      return await readLarge(file, reading);
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof HeldFileError) return { failure: withFix(error) };
    throw error;
  }
}
