// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { parseLongDate } from './date.js';
import { BOOT_RECORD, PRIMARY, SUPPLEMENTARY, TERMINATOR } from './descriptor.js';
import { EL_TORITO_ID, getBoth16, getBoth32, getText, SECTOR, STANDARD_ID, SYSTEM_AREA } from './format.js';

/** What the primary volume descriptor says about a volume. */
export interface IsoVolume {
  readonly volumeId: string;
  readonly systemId: string;
  readonly publisherId: string;
  readonly preparerId: string;
  readonly applicationId: string;
  readonly created: Date | undefined;
  readonly modified: Date | undefined;
  /** Length of the volume in bytes; the image may be longer. */
  readonly size: number;
}

/** The volume descriptors of an image, as far as a reader goes on from them. */
export interface Descriptors {
  readonly volume: IsoVolume;
  /** The root's directory record. */
  readonly root: DataView;
  /** The root's record in the tree of Joliet, where there is one. */
  readonly joliet: DataView | undefined;
  /** Byte offset of the El Torito boot catalog. */
  readonly bootCatalog: number | undefined;
}

/** More descriptors than any writer makes; past this the set is taken for endless. */
const MAX_DESCRIPTORS = 64;

/**
 * Reads the volume descriptor set (ECMA-119, 6.7.1).
 * @throws ImageError `bad-magic` when this is no ISO 9660 image, `truncated`, `corrupt`, `unsupported`
 */
export function readDescriptors(source: ByteSource): Descriptors {
  let primary: DataView | undefined;
  let joliet: DataView | undefined;
  let bootCatalog: number | undefined;
  for (let index = 0; index < MAX_DESCRIPTORS; index++) {
    const view = readStructure(source, SYSTEM_AREA + index * SECTOR, SECTOR, `volume descriptor ${index}`);
    if (getText(view, 1, 5) !== STANDARD_ID) {
      const message = `sector ${16 + index} holds no volume descriptor (no ${STANDARD_ID} in it)`;
      throw new ImageError(index === 0 ? 'bad-magic' : 'corrupt', message);
    }
    const type = view.getUint8(0);
    if (type === TERMINATOR) {
      if (primary) return { ...readPrimary(primary, source), joliet, bootCatalog };
      throw new ImageError('corrupt', 'the image has no primary volume descriptor');
    }
    if (type === PRIMARY) primary ??= view;
    if (type === SUPPLEMENTARY && isJoliet(view)) joliet ??= rootRecord(view);
    if (type === BOOT_RECORD && getText(view, 7, 32) === EL_TORITO_ID) {
      bootCatalog ??= view.getUint32(71, true) * SECTOR;
    }
  }
  throw new ImageError('corrupt', `no end among the first ${MAX_DESCRIPTORS} volume descriptors`);
}

const rootRecord = (view: DataView) => new DataView(view.buffer, view.byteOffset + 156, 34);

/** The escape sequences of UCS-2, level 1 to 3 (Joliet specification, clause 4). */
const isJoliet = (view: DataView) => ['%/@', '%/C', '%/E'].includes(getText(view, 88, 32));

function readPrimary(view: DataView, source: ByteSource): Pick<Descriptors, 'volume' | 'root'> {
  const blockSize = getBoth16(view, 128, 'logical block size');
  if (blockSize !== SECTOR) {
    throw new ImageError('unsupported', `logical blocks of ${blockSize} bytes, where ${SECTOR} are usual`);
  }
  const members = getBoth16(view, 120, 'volume set size');
  if (members > 1) throw new ImageError('unsupported', `one of ${members} volumes of a set`);
  const size = getBoth32(view, 80, 'volume space size') * SECTOR;
  if (size > source.size) {
    throw new ImageError('truncated', `the volume has ${size} bytes, but the image only ${source.size}`);
  }
  const date = (at: number) => parseLongDate(getText(view, at, 16), view.getInt8(at + 16));
  return {
    volume: {
      volumeId: getText(view, 40, 32),
      systemId: getText(view, 8, 32),
      publisherId: getText(view, 318, 128),
      preparerId: getText(view, 446, 128),
      applicationId: getText(view, 574, 128),
      created: date(813),
      modified: date(830),
      size,
    },
    root: rootRecord(view),
  };
}
