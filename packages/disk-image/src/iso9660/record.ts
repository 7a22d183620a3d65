// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { LONE_SURROGATE } from '../text.js';
import { FLAG_FOLDER, FLAG_MULTI_EXTENT, getBoth32, getText, SECTOR } from './format.js';
import type { IsoExtent } from './spec.js';

/** What reading a record takes to know about its volume. */
export interface RecordVolume {
  /** Bytes in which every extent lies. */
  readonly size: number;
  readonly joliet: boolean;
}

/** A directory record as it stands in a directory, before Rock Ridge is looked at. */
export interface DirectoryRecord {
  /** A single NUL for the directory itself, a single 0x01 for its parent. */
  readonly identifier: string;
  readonly extent: IsoExtent;
  readonly folder: boolean;
  /** More sections of the same file follow in the next record. */
  readonly continues: boolean;
  /** Its bytes lie in pieces with gaps between them (6.4.3), which nobody reads. */
  readonly interleaved: boolean;
  readonly systemUse: DataView;
}

/**
 * Parses one directory record (ECMA-119, 9.1).
 * @param view exactly the record
 * @param volume the bytes in which its extent must lie, and how identifiers are written
 * @throws ImageError `corrupt`
 */
export function parseRecord(view: DataView, volume: RecordVolume, what: string): DirectoryRecord {
  const volumeSize = volume.size;
  const nameLength = view.getUint8(32);
  const nameEnd = 33 + nameLength;
  if (nameLength === 0 || nameEnd > view.byteLength) {
    throw new ImageError('corrupt', `${what} is ${view.byteLength} bytes long, its name ${nameLength}`);
  }
  const size = getBoth32(view, 10, `${what}, data length`);
  // An extended attribute record, where there is one, lies in front of the data.
  const offset = (getBoth32(view, 2, `${what}, extent`) + view.getUint8(1)) * SECTOR;
  if (size > 0 && offset + size > volumeSize) {
    throw new ImageError(
      'corrupt',
      `${what} places ${size} bytes at ${offset}, outside the volume of ${volumeSize} bytes`,
    );
  }
  const flags = view.getUint8(25);
  const systemUse = Math.min(nameEnd + ((nameLength + 1) % 2), view.byteLength);
  return {
    identifier: getIdentifier(view, nameLength, volume.joliet, what),
    extent: { offset, size },
    folder: (flags & FLAG_FOLDER) !== 0,
    continues: (flags & FLAG_MULTI_EXTENT) !== 0,
    interleaved: view.getUint8(26) !== 0 || view.getUint8(27) !== 0,
    systemUse: new DataView(view.buffer, view.byteOffset + systemUse, view.byteLength - systemUse),
  };
}

/** Reads the identifier; its NULs count, unlike those of a padded field. */
function getIdentifier(view: DataView, length: number, joliet: boolean, what: string): string {
  if (length === 1) return String.fromCharCode(view.getUint8(33));
  if (!joliet) return getText(view, 33, length);
  let name = '';
  for (let at = 33; at + 1 < 33 + length; at += 2) name += String.fromCharCode(view.getUint16(at));
  if (length % 2 === 0 && !LONE_SURROGATE.test(name)) return name;
  throw new ImageError('corrupt', `${what} has a name that is no text of two bytes a character`);
}

/**
 * Reads the records of a directory, sector by sector; none may cross from one into the next (6.8.1.1).
 * @throws ImageError `corrupt` where a record has no valid length, or something follows the last of a sector
 */
export function* readRecords(
  source: ByteSource,
  directory: IsoExtent,
  volume: RecordVolume,
  what: string,
): Generator<DirectoryRecord> {
  for (let done = 0; done < directory.size; done += SECTOR) {
    const at = directory.offset + done;
    const sector = readStructure(source, at, Math.min(SECTOR, directory.size - done), what);
    for (let start = 0; start < sector.byteLength; ) {
      const length = sector.getUint8(start);
      const place = `${what}, record at byte ${at + start}`;
      if (length === 0) {
        if (!isZero(sector, start)) {
          throw new ImageError('corrupt', `${place} has length 0, but more follows in its sector`);
        }
        break;
      }
      if (length < 34 || start + length > sector.byteLength) {
        throw new ImageError('corrupt', `${place} has length ${length} and does not fit its sector`);
      }
      yield parseRecord(new DataView(sector.buffer, sector.byteOffset + start, length), volume, place);
      start += length;
    }
  }
}

function isZero(view: DataView, from: number): boolean {
  for (let at = from; at < view.byteLength; at++) if (view.getUint8(at) !== 0) return false;
  return true;
}
