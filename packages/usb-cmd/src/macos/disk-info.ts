// SPDX-License-Identifier: Apache-2.0
import { flag } from '@latticra/evidence-format';
import type { Learned } from '../facts.js';
import { flagOf, isDict, textOf } from './dict.js';
import { parsePlist } from './plist.js';

/** What `diskutil info -plist` says of one disk or volume, as far as it matters here. */
export interface DiskInfo {
  /** Without `/dev/`: `disk4`. */
  readonly name: string;
  /** The disk that it is a part of; its own name, for a whole one. */
  readonly wholeName: string;
  readonly wholeDisk: Learned;
  /** Built into the case, whatever the bus. */
  readonly internal: Learned;
  readonly removableMedium: Learned;
  /** `USB`, `Secure Digital`, `Apple Fabric`, `PCI-Express`, `SATA`, `Disk Image`, …; empty where it says none. */
  readonly bus: string;
  /** Made up by software: an APFS container, an attached disk image. */
  readonly virtual: boolean;
  readonly readOnly: Learned;
  /** An AppleRAID, or a member of one. */
  readonly raid: boolean;
  readonly sizeBytes: number | 'unknown';
  /** Which hardware it is and where: another device of the same name has another one, most often. */
  readonly hardware: string;
}

/** Reads a disk or volume from `diskutil info -plist`; undefined for what is no property list, or one of an error. */
export function parseDiskInfo(text: string): DiskInfo | undefined {
  const info = parsePlist(text);
  if (!isDict(info) || info.get('Error') === true) return undefined;
  const name = textOf(info, 'DeviceIdentifier');
  const wholeName = textOf(info, 'ParentWholeDisk');
  if (name === '' || wholeName === '') return undefined;
  const writable = flagOf(info, 'WritableMedia');
  const size = info.get('Size');
  return {
    name,
    wholeName,
    wholeDisk: flagOf(info, 'WholeDisk'),
    internal: flagOf(info, 'Internal'),
    removableMedium: flagOf(info, 'RemovableMedia'),
    bus: textOf(info, 'BusProtocol'),
    virtual: textOf(info, 'VirtualOrPhysical') === 'Virtual',
    readOnly: writable === 'unknown' ? 'unknown' : flag(writable === 0),
    raid: info.get('RAIDSlice') === true || info.get('RAIDMaster') === true,
    sizeBytes:
      typeof size === 'bigint' && size >= 0n && size <= Number.MAX_SAFE_INTEGER ? Number(size) : 'unknown',
    hardware: [textOf(info, 'DeviceTreePath'), textOf(info, 'IORegistryEntryName')].join(' '),
  };
}
