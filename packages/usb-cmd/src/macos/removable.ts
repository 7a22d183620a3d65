// SPDX-License-Identifier: Apache-2.0
import type { Learned } from '../facts.js';
import type { DiskInfo } from './disk-info.js';

/** Buses on which disks are plugged and unplugged by whoever uses the machine. */
const PLUGGED = new Set(['USB', 'Secure Digital']);

/** Buses of built-in disks, and of cases that count as such: on Thunderbolt a drive is on PCI Express. */
const BUILT_IN = new Set([
  'Apple Fabric',
  'PCI',
  'PCI-Express',
  'NVMe',
  'SATA',
  'ATA',
  'ATAPI',
  'Virtual Interface',
]);

/**
 * Returns whether a disk is made to be taken out. As on Linux the bus decides, because a removable medium alone
 * does not tell: a USB disk has none, an attached disk image has one, and so has a built-in disk that may be
 * hot-plugged. Internal and without a removable medium is the system's; a built-in card reader is internal too.
 */
export function isRemovable({ internal, removableMedium, bus, virtual }: DiskInfo): Learned {
  if (virtual || BUILT_IN.has(bus) || bus === 'Disk Image') return 0;
  if (PLUGGED.has(bus)) return internal === 0 ? 1 : internal === 1 ? removableMedium : 'unknown';
  return removableMedium === 0 ? 0 : 'unknown';
}
