// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';

/** Kinds of header extensions that say something here (docs/interop/qcow2.txt, "Header extensions"). */
const END = 0;
const BACKING_FORMAT = 0xe2792aca;
const DATA_FILE = 0x44415441;

/** What the extensions of a header say. */
export interface Extensions {
  readonly backingFormat: string | undefined;
  readonly dataFile: string | undefined;
}

/** Longest name of a format that QEMU has room for, and of a file. */
const MAX_FORMAT = 15;
const MAX_FILE = 1023;

/** Reads a name in a header. @throws ImageError `truncated` */
export function readName(source: ByteSource, offset: number, length: number, what: string): string {
  const view = readStructure(source, offset, length, what);
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset, length));
}

/**
 * Reads the header extensions between bytes `offset` and `end` of the first cluster. Unknown ones are passed over.
 * @throws ImageError `truncated`, or `corrupt` for one that passes `end` or a name that is too long
 */
export function readExtensions(source: ByteSource, offset: number, end: number): Extensions {
  let backingFormat: string | undefined;
  let dataFile: string | undefined;
  for (let at = offset; at + 8 <= end; ) {
    const view = readStructure(source, at, 8, 'qcow2 header extension');
    const [type, length] = [view.getUint32(0), view.getUint32(4)];
    at += 8;
    const most = type === BACKING_FORMAT ? MAX_FORMAT : type === DATA_FILE ? MAX_FILE : end - at;
    // QEMU looks at the length of the end mark too.
    if (length > Math.min(most, end - at)) {
      throw new ImageError(
        'corrupt',
        `qcow2 header extension 0x${type.toString(16)} at byte ${at - 8} is ${length} bytes long`,
      );
    }
    if (type === END) break;
    if (type === BACKING_FORMAT) backingFormat = readName(source, at, length, 'qcow2 backing format');
    if (type === DATA_FILE) dataFile = readName(source, at, length, 'qcow2 data file name');
    at += Math.ceil(length / 8) * 8;
  }
  return { backingFormat, dataFile };
}
