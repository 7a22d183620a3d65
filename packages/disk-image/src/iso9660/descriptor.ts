// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { longDate, NO_DATE } from './date.js';
import { encodeRecord } from './directory.js';
import {
  EL_TORITO_ID,
  FLAG_FOLDER,
  SECTOR,
  STANDARD_ID,
  setBoth16,
  setBoth32,
  setText,
  structure,
} from './format.js';
import type { IsoExtent, IsoSpec } from './spec.js';

/** Types of volume descriptors (ECMA-119, 8.1.1). */
export const BOOT_RECORD = 0;
export const PRIMARY = 1;
export const SUPPLEMENTARY = 2;
export const TERMINATOR = 255;

/** Where the things lie that the primary descriptor points to. */
export interface VolumePlaces {
  /** Length of the volume in bytes. */
  readonly size: number;
  readonly root: IsoExtent;
  readonly lPathTable: IsoExtent;
  readonly mPathTable: IsoExtent;
}

function descriptor(type: number, fill: (view: DataView) => void): Uint8Array {
  return structure(SECTOR, (view) => {
    view.setUint8(0, type);
    setText(view, 1, 5, STANDARD_ID);
    view.setUint8(6, 1);
    fill(view);
  });
}

/** Makes the primary volume descriptor (8.4). */
export function encodePrimary(spec: IsoSpec, places: VolumePlaces): Uint8Array {
  return descriptor(PRIMARY, (view) => {
    setText(view, 8, 32, spec.systemId ?? '');
    setText(view, 40, 32, spec.volumeId);
    setBoth32(view, 80, places.size / SECTOR);
    setBoth16(view, 120, 1);
    setBoth16(view, 124, 1);
    setBoth16(view, 128, SECTOR);
    setBoth32(view, 132, places.lPathTable.size);
    view.setUint32(140, places.lPathTable.offset / SECTOR, true);
    view.setUint32(148, places.mPathTable.offset / SECTOR);
    encodeRecord('\0', places.root, FLAG_FOLDER, spec.epoch).forEach((value, index) => {
      view.setUint8(156 + index, value);
    });
    setText(view, 190, 128, '');
    setText(view, 318, 128, spec.publisherId ?? '');
    setText(view, 446, 128, spec.preparerId ?? '');
    setText(view, 574, 128, spec.applicationId ?? '');
    setText(view, 702, 3 * 37, '');
    setText(view, 813, 17, longDate(spec.epoch));
    setText(view, 830, 17, longDate(spec.epoch));
    setText(view, 847, 17, NO_DATE);
    setText(view, 864, 17, NO_DATE);
    view.setUint8(881, 1);
  });
}

/** Makes the boot record that El Torito wants in sector 17: it points to the boot catalog. */
export function encodeBootRecord(catalog: IsoExtent): Uint8Array {
  return descriptor(BOOT_RECORD, (view) => {
    setText(view, 7, 32, EL_TORITO_ID, 0);
    view.setUint32(71, catalog.offset / SECTOR, true);
  });
}

/** Makes the descriptor that ends the set (8.3). */
export const encodeTerminator = (): Uint8Array => descriptor(TERMINATOR, () => {});

/** Refuses a label that its field cannot hold. @throws ImageError `bad-name` */
export function assertLabels(spec: IsoSpec): void {
  const check = (field: string, text: string, length: number, allowed: RegExp, which: string) => {
    if (text.length > length || !allowed.test(text)) {
      throw new ImageError('bad-name', `${field} ${JSON.stringify(text)}: at most ${length} of ${which}`);
    }
  };
  check('volumeId', spec.volumeId, 32, /^[A-Z0-9_]*$/, 'A-Z, 0-9 and _');
  check('systemId', spec.systemId ?? '', 32, /^[ -~]*$/, 'printable ASCII');
  for (const field of ['publisherId', 'preparerId', 'applicationId'] as const) {
    check(field, spec[field] ?? '', 128, /^[ -~]*$/, 'printable ASCII');
  }
}
