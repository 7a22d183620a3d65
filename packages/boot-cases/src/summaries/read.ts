// SPDX-License-Identifier: Apache-2.0
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import type { AnchoredFolder, Name, Visits } from '@latticra/held-files/anchor';
import { MAX_SIGNATURE_BYTES, signaturePath } from '@latticra/signature';
import { namesIn, RECORD_FILE } from '../record/record.js';
import { filesIn, MAX_FILE_BYTES } from '../record/verify.js';
import type { ReadRecord, Refusal, Turn } from './turn.js';

/** The names of a turn, whose folders are held at once: few descriptors, and work beside which a message costs nothing. */
export const TURN_NAMES = 16;

/** The bytes from which on a turn has no more records. */
const TURN_BYTES = 1 << 20;

/** A turn that was read, as far as that went, and the name at which it ended for a failure. */
export interface ReadTurn extends Turn {
  /** The place of the name behind the last. */
  readonly end: number;
  readonly refusal: Refusal | undefined;
}

/** How folders are gone into; see `Visits`. */
export type Ways = Pick<Visits, 'within' | 'through'>;

/** Reads the files of the next records, each through its folder, which is held meanwhile. @param place of the first name */
export function readTurn(held: AnchoredFolder, names: readonly Name[], place: number, ways: Ways): ReadTurn {
  const folders: AnchoredFolder[] = [];
  const places: number[] = [];
  const records: ReadRecord[] = [];
  let bytes = 0;
  let at = place;
  let refusal: Refusal | undefined;
  /** Does some work at one name after the other, of which `at` is the one; what comes before a failure stands. */
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (reason) {
      refusal = { place: at, reason };
    }
  };
  const open = () => {
    for (const end = Math.min(place + TURN_NAMES, names.length); at < end; at += 1) {
      const name = names[at] ?? '';
      const seen = held.lstat(name);
      if (seen?.isDirectory() !== true) continue;
      folders.push(held.openFolder(name, seen));
      places.push(at);
    }
  };
  const read = () => {
    let next = 0;
    let end: number | undefined;
    ways.through(folders, (folder) => {
      const here = places[next++] ?? at;
      // Those that are left are opened again.
      if (bytes >= TURN_BYTES) end ??= here;
      if (end !== undefined) return;
      at = here;
      const files = readFiles(folder);
      if (files === undefined) return;
      records.push({ place: here, folder: folder.path, files });
      for (const file of files.values()) bytes += file?.length ?? 0;
    });
    return end;
  };
  try {
    attempt(() => ways.within(held, open));
    const opened = at;
    at = place;
    let end: number | undefined;
    attempt(() => {
      end = read();
    });
    return { place, records, bytes, end: end ?? opened, refusal: end === undefined ? refusal : undefined };
  } finally {
    for (const folder of folders) folder.close();
  }
}

/** Reads the files of a record as far as it names them; undefined for a folder that has no record. */
function readFiles(folder: AnchoredFolder): ReadRecord['files'] | undefined {
  const there = filesIn(folder);
  if (!there.has(RECORD_FILE)) return undefined;
  const record = there.read(RECORD_FILE, MAX_DOCUMENT_BYTES);
  const files = new Map<string, Uint8Array | undefined>([[RECORD_FILE, record]]);
  const take = (file: string, maxBytes: number) => {
    if (!files.has(file)) files.set(file, there.has(file) ? there.read(file, maxBytes) : undefined);
  };
  for (const file of namesIn(record)) take(file, MAX_FILE_BYTES);
  take(signaturePath(RECORD_FILE), MAX_SIGNATURE_BYTES);
  return files;
}
