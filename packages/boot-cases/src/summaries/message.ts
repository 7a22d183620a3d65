// SPDX-License-Identifier: Apache-2.0
import type { JudgedTurn, ReadRecord, Turn } from './turn.js';

/** A turn on its way to another thread: all bytes in one piece, which is handed over. */
export interface PackedTurn {
  readonly place: number;
  readonly records: readonly PackedRecord[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A record in it: of each file the name and how many bytes are its own, -1 where there is none. */
interface PackedRecord extends Omit<ReadRecord, 'files'> {
  readonly names: readonly string[];
  readonly lengths: readonly number[];
}

/** What the other thread says of a turn; of an error only the text arrives. */
export type TurnReport = JudgedTurn | { readonly place: number; readonly failure: string };

/** A report, and the place of the turn that it is on. */
export interface Answer {
  readonly turn: number;
  readonly report: TurnReport;
}

/** Packs a turn, so that it is cheap to post. */
export function packTurn({ place, records, bytes: size }: Turn): PackedTurn {
  const all = new Uint8Array(size);
  let at = 0;
  const packed = records.map(({ files, ...record }) => {
    const lengths: number[] = [];
    for (const bytes of files.values()) {
      lengths.push(bytes?.length ?? -1);
      if (bytes === undefined) continue;
      all.set(bytes, at);
      at += bytes.length;
    }
    return { ...record, names: [...files.keys()], lengths };
  });
  return { place, records: packed, bytes: all };
}

/** Unpacks what {@link packTurn} packed. */
export function unpackTurn({ place, records, bytes }: PackedTurn): Pick<Turn, 'place' | 'records'> {
  let at = 0;
  const read = records.map(({ names, lengths, ...record }): ReadRecord => {
    const files = new Map<string, Uint8Array | undefined>();
    for (const [index, name] of names.entries()) {
      const length = lengths[index] ?? -1;
      files.set(name, length < 0 ? undefined : bytes.subarray(at, at + length));
      at += Math.max(length, 0);
    }
    return { ...record, files };
  });
  return { place, records: read };
}
