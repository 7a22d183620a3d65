// SPDX-License-Identifier: Apache-2.0
import { viewOf } from '../layout/view.js';
import { shortDate } from './date.js';
import { MAX_RECORD, roundUp, SECTOR, setBoth16, setBoth32 } from './format.js';
import {
  alternateName,
  CE_LENGTH,
  ContinuationArea,
  measureName,
  packEntries,
  putName,
} from './rock-ridge.js';
import type { IsoExtent } from './spec.js';
import type { FolderNode } from './tree.js';

/** Where the parts of a directory lie. */
export interface Places {
  readonly folder: (folder: FolderNode) => IsoExtent;
  readonly file: (path: string) => IsoExtent;
  /** First sector of the directory's own continuation area. */
  readonly continuation: number;
}

/** A directory and the continuation area of its Rock Ridge entries, both in whole sectors. */
export interface EncodedDirectory {
  readonly directory: Uint8Array;
  readonly continuation: Uint8Array;
  /** Writes into its records where everything lies, once that is known. */
  place(places: Places): void;
}

/** A record, with its System Use entries, of something whose place is not known yet. */
export interface NewRecord {
  readonly identifier: string;
  readonly flags: number;
  /** Of what it describes, in bytes. */
  readonly size: number;
  readonly entries: readonly Uint8Array[];
  /** What it is really called, which is one more entry; undefined for a directory itself and its parent. */
  readonly name: string | undefined;
  /** A folder, or a file by its path. */
  readonly of: FolderNode | string;
  /** The first byte of a file that it describes. */
  readonly from: number;
}

/** A record whose place is not known yet. */
interface Placeable {
  /** Where it begins in the directory. */
  readonly at: number;
  /** Where its entry begins that leads into the continuation area; undefined without one. */
  readonly more: number | undefined;
  readonly of: NewRecord['of'];
  readonly from: number;
}

/**
 * Records one after another, none across a sector boundary (ECMA-119, 6.8.1.1). One writer makes all directories of a volume, each
 * to its end, in memory that it keeps: thousands of directories that grow in memory of their own leave three times their size behind.
 */
export class RecordWriter {
  readonly #date: Uint8Array;
  #area = new ContinuationArea(0);
  #placeable: Placeable[] = [];
  #bytes = new Uint8Array(SECTOR);
  #view = viewOf(this.#bytes);
  #used = 0;

  constructor(epoch: number) {
    this.#date = shortDate(epoch);
  }

  /** Writes a record (9.1) with its System Use entries. */
  add(record: NewRecord): void {
    const { identifier, flags, size, entries, name, of, from } = record;
    const length = 33 + identifier.length;
    const start = length + (length % 2);
    const named = name === undefined ? 0 : measureName(name);
    let all = named;
    for (const entry of entries) all += entry.length;
    const fits = start + all <= MAX_RECORD;
    const packed = fits ? entries : [this.#pack(record, MAX_RECORD - start)];
    const taken = fits ? all : (packed[0]?.length ?? 0);
    const whole = start + taken + (taken % 2);
    const at = this.#reserve(whole);
    const bytes = this.#bytes;
    const view = this.#view;
    bytes[at] = whole;
    setBoth32(view, at + 10, size);
    bytes.set(this.#date, at + 18);
    bytes[at + 25] = flags;
    setBoth16(view, at + 28, 1);
    bytes[at + 32] = identifier.length;
    for (let index = 0; index < identifier.length; index++) {
      bytes[at + 33 + index] = identifier.charCodeAt(index);
    }
    let to = at + start;
    for (const entry of packed) {
      bytes.set(entry, to);
      to += entry.length;
    }
    if (fits && named > 0) putName(bytes, to, named);
    this.#placeable.push({ at, more: fits ? undefined : to - CE_LENGTH, of, from });
  }

  /** Packs the entries of a record that has no room for all of them. */
  #pack({ entries, name }: NewRecord, room: number): Uint8Array {
    const all = name === undefined ? entries : [...entries, ...alternateName(name)];
    return packEntries(all, room, this.#area);
  }

  /** Ends a directory. The next record is the first one of another. */
  end(): EncodedDirectory {
    const directory = this.#bytes.slice(0, roundUp(this.#used, SECTOR));
    const continuation = this.#area.bytes();
    const placeable = this.#placeable;
    this.#bytes.fill(0, 0, this.#used);
    this.#used = 0;
    this.#area = new ContinuationArea(0);
    this.#placeable = [];
    const view = viewOf(directory);
    return {
      directory,
      continuation,
      place(places) {
        for (const { at, more, of, from } of placeable) {
          if (typeof of === 'string') {
            setBoth32(view, at + 2, (places.file(of).offset + from) / SECTOR);
          } else {
            const { offset, size } = places.folder(of);
            setBoth32(view, at + 2, offset / SECTOR);
            setBoth32(view, at + 10, size);
          }
          // It counts from the beginning of the area by then.
          if (more !== undefined) {
            setBoth32(view, more + 4, places.continuation + view.getUint32(more + 4, true));
          }
        }
      },
    };
  }

  /** Makes room for a record, and returns where it begins. */
  #reserve(length: number): number {
    if ((this.#used % SECTOR) + length > SECTOR) this.#used = roundUp(this.#used, SECTOR);
    const at = this.#used;
    this.#used += length;
    if (this.#used > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = viewOf(larger);
    }
    return at;
  }
}
