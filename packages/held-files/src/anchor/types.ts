// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import type { Name } from './name.js';

/**
 * The way in which names in an open folder are looked up: through `/proc/self/fd/<descriptor>/<name>`; by being the
 * working directory of the process; or, with `none`, by plain paths, which hold nothing: whoever can rename a folder on
 * the way decides what they lead to.
 */
export type Anchoring = 'procfs' | 'cwd' | 'none';

/** The numbers that tell one file of a machine from another while one of its descriptors is open. */
export type Identity = Pick<BigIntStats, 'dev' | 'ino'>;

/** Options to open an {@link AnchoredFolder} by its path. */
export interface AnchorOptions {
  /**
   * The one way to take; else procfs where it can be trusted, and cwd elsewhere. `none` is only taken where asked for.
   */
  readonly anchoring?: Anchoring;
  /** The text that messages put before names below it; the path unless given, and '' for none. */
  readonly label?: string;
}

/** The names in a folder at one moment. */
export interface Listing {
  /**
   * The names in byte order. Those that `safeName` refuses come as the bytes that the file system has, the others as
   * text. Can be gone through again.
   */
  readonly names: Iterable<Name>;
  readonly count: number;
  /** The folder's state, the same before and after: compare `mtimeNs` and `ctimeNs` to know it is unchanged later. */
  readonly stats: BigIntStats;
}

/** What can be read of a folder that is held; some of its files may lie elsewhere. */
export interface ReadableFolder {
  /** The path in messages: nothing is ever opened by it. */
  readonly path: string;
  /** The state of the folder when it was opened. */
  readonly stats: BigIntStats;
  /** Lists the names in it, as that of an {@link AnchoredFolder} does. */
  list(): Pick<Listing, 'names' | 'count'>;
  /** Returns what has that name now, itself if it is a symbolic link; undefined when nothing has. */
  lstat(name: Name): BigIntStats | undefined;
  /** Holds the folder of that name, as that of an {@link AnchoredFolder} does. To be closed by the caller. */
  openFolder(name: Name, observed?: Identity): ReadableFolder;
  /** Holds the file of that name, as that of an {@link AnchoredFolder} does. To be closed by the caller. */
  openFile(name: Name, observed?: Identity): AnchoredFile;
  /** Closes what was opened for it, once. Folders and files opened in it stay open. */
  close(): void;
}

/**
 * A folder held by its descriptor. A name is a single component and means what is in this very folder, wherever it or
 * its parents are moved; with the anchoring `none`, what is at its path at that moment. Everything is synchronous,
 * throws `HeldFileError` (`unsafe-name` for what `safeName` refuses) and, when it throws, leaves no descriptor open.
 */
export interface AnchoredFolder {
  /** The path in messages: nothing is ever opened by it. */
  readonly path: string;
  readonly fd: number;
  readonly anchoring: Anchoring;
  /** Its state when it was opened. */
  readonly stats: BigIntStats;
  /** Returns its state now. @throws `io`, and `changed` when it was deleted */
  stat(): BigIntStats;
  /**
   * Returns the mount it was opened on, which differs from its parent's when something is mounted there, a bind mount
   * of the same file system included. undefined where the system does not say (no `/proc`).
   */
  mountId(): string | undefined;
  /** Lists the names in it. @throws `changed` when it was touched or deleted meanwhile: names may be missing */
  list(): Listing;
  /** Returns what has that name now, itself if it is a symbolic link; undefined when nothing has. */
  lstat(name: Name): BigIntStats | undefined;
  /**
   * Holds the folder of that name. To be closed by the caller.
   * @param observed what it has to be, as seen earlier; else what it is found to be just before
   * @throws `not-found`, `not-folder` (also for a symbolic link), `changed`, `unreadable`
   */
  openFolder(name: Name, observed?: Identity): AnchoredFolder;
  /**
   * Holds the file of that name for reading. To be closed by the caller.
   * @param observed what it has to be, as seen earlier; else what it is found to be just before
   * @throws `not-found`, `not-regular` (also for a symbolic link), `hard-linked`, `changed`, `unreadable`,
   *   `too-large` (over 2^53 bytes)
   */
  openFile(name: Name, observed?: Identity): AnchoredFile;
  /** Creates a folder and makes its name durable. @throws `exists`, `cannot-create`, `io` */
  makeFolder(name: Name, mode?: number): void;
  /**
   * Creates a new file with a random name beside `target`, to become `target` when it is published.
   * @param mode permission bits before the umask; 0o644 unless given
   * @throws `cannot-create`, `io`
   */
  createTemporary(target: Name, mode?: number): TemporaryFile;
  /**
   * Removes a single-link regular file, and nothing else. Returns whether there was one.
   * @throws `not-regular`, `hard-linked`, `cannot-create` (not permitted), `io`
   */
  remove(name: Name): boolean;
  /**
   * Removes the temporaries for `target` of processes that are gone, and returns how many.
   * @throws `not-regular`, `hard-linked` when something else has such a name
   */
  clearStale(target: Name): number;
  /** Makes the names in it durable; does nothing on file systems that cannot sync a folder. @throws `io` */
  sync(): void;
  /** Refuses a folder of another user, or one in which its group or everybody may write. @throws `unsafe-folder` */
  assertPrivate(): void;
  /** Closes the descriptor, once; does nothing when called again. Folders and files opened in it stay open. */
  close(): void;
}

/** A single-link regular file held for reading. */
export interface AnchoredFile {
  readonly path: string;
  readonly fd: number;
  /** Length in bytes. */
  readonly size: number;
  /** Its state when it was opened. */
  readonly stats: BigIntStats;
  /**
   * Reads it from start to end in one pass, then makes sure that it was the same file with the same content
   * all along. May be done again, and is held to the same content again.
   * @param buffer is filled over and over; of at least one byte
   * @param onChunk gets the part of `buffer` that was filled, valid until it returns
   * @throws `changed`, `io`, and what `onChunk` throws
   */
  read(buffer: Uint8Array, onChunk: (bytes: Uint8Array) => void): void;
  /**
   * Reads it as `read` does, at the caller's pace: what is done between two chunks may take its time. Nothing is
   * vouched for until the end is reached.
   * @param nextBuffer gives what each chunk is read into, of at least one byte
   * @throws `changed`, `io`, and what `nextBuffer` throws
   */
  chunks(nextBuffer: () => Uint8Array): Iterable<Uint8Array>;
  /** Reads it whole, as `read` does. @throws `too-large` when it is longer than `maxBytes`, and as `read` */
  bytes(maxBytes: number): Buffer;
  /** Refuses a file that is no longer what it was when it was opened. @throws `changed` */
  assertUnchanged(): void;
  /** Closes the descriptor, once; does nothing when called again. */
  close(): void;
}

/** A new file that has no lasting name yet. Removed on `process.exit` as well. */
export interface TemporaryFile {
  /** The target's path in messages. */
  readonly path: string;
  /** The name it has until it is published. */
  readonly name: string;
  /** Appends all of `bytes`. @throws `io`, without discarding the file */
  write(bytes: Uint8Array): void;
  /**
   * Syncs it, renames it to its target, makes sure that the target is this very file, syncs the folder.
   * Returns it, held: what is read there is what was published. To be closed by the caller.
   * @throws `not-regular`, `hard-linked` when the target is something that must not be replaced; `changed` when
   *   another process interfered; `not-durable` when the target is in place and may be gone after a power cut;
   *   `cannot-create`, `io`. All of these leave nothing temporary and close it
   */
  publish(): AnchoredFile;
  /** Closes and removes it; does nothing after `publish`, or when called again. */
  discard(): void;
}
