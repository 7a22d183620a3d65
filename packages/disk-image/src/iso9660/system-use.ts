// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { getBoth32, getText, SECTOR } from './format.js';
import { LinkTarget } from './link-target.js';

/** What Rock Ridge says about a file; absent parts are undefined. */
export interface RockRidge {
  /** Bytes at the start of every System Use area that belong to something else; only in the root's own record. */
  readonly skip: number | undefined;
  readonly name: string | undefined;
  /** POSIX type and permissions. */
  readonly mode: number | undefined;
  /** What a symbolic link says (SL). */
  readonly target: string | undefined;
  /** First sector of a folder that was moved because it lay too deep (CL). */
  readonly movedTo: number | undefined;
  /** This is where such a folder was moved; it belongs elsewhere (RE). */
  readonly moved: boolean;
  /** The content is compressed in a way of Linux's own (ZF, zisofs). */
  readonly compressed: boolean;
}

/** What is known of a file without Rock Ridge. */
export const NO_ROCK_RIDGE: RockRidge = {
  skip: undefined,
  name: undefined,
  mode: undefined,
  target: undefined,
  movedTo: undefined,
  moved: false,
  compressed: false,
};

/** Linux follows 32 continuations of one record too. */
const MAX_CONTINUATIONS = 32;
/** Bytes of all continuations of one record: the longest name and the longest link target take less than 8 KiB. */
const MAX_CONTINUATION = 64 << 10;

/**
 * Reads the System Use entries of a directory record, through all its continuation areas (SUSP 1.12,
 * clause 5.1; RRIP 1.12, clause 4.1).
 * @param area the record's System Use area, without the bytes that SP says to skip
 * @throws ImageError `corrupt` for entries that do not fit their area, and for continuations without end
 */
export function readSystemUse(source: ByteSource, area: DataView, what: string): RockRidge {
  const found: { -readonly [Key in keyof RockRidge]: RockRidge[Key] } = { ...NO_ROCK_RIDGE };
  const name: number[] = [];
  const target = new LinkTarget(what);
  let next: DataView | undefined = area;
  let room = MAX_CONTINUATION;
  for (let areas = 0; next; areas++) {
    if (areas > MAX_CONTINUATIONS) {
      throw new ImageError('corrupt', `${what} continues in more than ${MAX_CONTINUATIONS} areas`);
    }
    const view: DataView = next;
    next = undefined;
    for (const { signature, at, length } of entries(view, what)) {
      const need = (bytes: number) => {
        if (length >= bytes) return;
        throw new ImageError('corrupt', `${what} has a ${signature} entry of only ${length} bytes`);
      };
      if (signature === 'SP') {
        need(7);
        if (view.getUint16(at + 4) === 0xbeef) found.skip = view.getUint8(at + 6);
      } else if (signature === 'NM') {
        need(5);
        for (let byte = at + 5; byte < at + length; byte++) name.push(view.getUint8(byte));
      } else if (signature === 'PX') {
        need(12);
        found.mode = getBoth32(view, at + 4, `${what}, file mode`);
      } else if (signature === 'SL') {
        need(5);
        target.add(new DataView(view.buffer, view.byteOffset + at + 5, length - 5));
      } else if (signature === 'CL') {
        need(12);
        found.movedTo = getBoth32(view, at + 4, `${what}, child link`);
      } else if (signature === 'RE') {
        found.moved = true;
      } else if (signature === 'ZF') {
        found.compressed = true;
      } else if (signature === 'CE') {
        need(28);
        next = continuation(source, view, at, room, what);
        room -= next.byteLength;
      }
    }
  }
  found.target = target.end();
  if (name.length > 0) found.name = decodeName(name, what);
  return found;
}

function* entries(view: DataView, what: string) {
  for (let at = 0; at + 4 <= view.byteLength; ) {
    const signature = getText(view, at, 2);
    const length = view.getUint8(at + 2);
    // Padding behind the last entry, or the end mark.
    if (signature === '' || signature === 'ST') return;
    if (length < 4 || at + length > view.byteLength) {
      throw new ImageError('corrupt', `${what} has a ${JSON.stringify(signature)} entry of ${length} bytes`);
    }
    yield { signature, at, length };
    at += length;
  }
}

function continuation(source: ByteSource, view: DataView, at: number, room: number, what: string): DataView {
  const sector = getBoth32(view, at + 4, `${what}, continuation sector`);
  const offset = getBoth32(view, at + 12, `${what}, continuation offset`);
  const length = getBoth32(view, at + 20, `${what}, continuation length`);
  // Linux wants an area to end in its sector; the format does not (SUSP 1.12, 5.1), and a long link needs more.
  if (length > room)
    throw new ImageError('unsupported', `${what} continues for more than ${MAX_CONTINUATION} bytes`);
  return readStructure(source, sector * SECTOR + offset, length, `continuation of ${what}`);
}

function decodeName(bytes: readonly number[], what: string): string {
  const name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  if (name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new ImageError('corrupt', `${what} has the name ${JSON.stringify(name)}, which no file can have`);
  }
  return name;
}
