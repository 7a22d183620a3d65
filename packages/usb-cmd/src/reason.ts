// SPDX-License-Identifier: Apache-2.0

/**
 * Why a device is not to be written to, as one word of a document.
 *
 * By its name alone:
 * - `not-a-disk`: no path under which the platform has a whole disk.
 * - `not-canonical`: spelled with `.`, `..`, `//` or a slash at the end.
 * - `partition`: a part of a disk; an image with a partition table of its own belongs on the whole disk.
 * - `system-disk-name`: the name that a machine's first built-in disk has.
 *
 * Because it was not looked at:
 * - `not-inspected`: it belongs to another machine or platform than this one, or diskutil gave no answer.
 * - `not-found`: there is no such device here.
 * - `changed`: it went away, or became another device, while it was looked at.
 *
 * By what was found, or could not be found out:
 * - `backs-system`: `/`, `/boot`, the EFI system partition, another system folder or swap is on it.
 * - `holds-iso`: the image that is to be written lies on it.
 * - `storage-member`: a part of LVM, RAID, an encrypted volume, APFS, ZFS and the like is on it, or a loop device.
 * - `mounted`, `not-removable`, `read-only`, `no-medium`, `too-small`.
 * - `partial-view`: this is a container, a chroot, or a mount namespace of its own, from where not all can be seen.
 * - `view-unknown`: it cannot be told whether this is one.
 * - `root-on-no-disk`: it cannot be told which disk `/` is on: composefs, ZFS, a live system.
 * - `serial-differs`, `serial-unknown`: the device was named with a serial number that is not its own, or it has none.
 * - `iso-not-usb-bootable`: whatever the device, no firmware would start from it what is in the image.
 * - `…-unknown`: the fact could not be learned, and is not taken for granted.
 */
export type BlockedReason =
  | 'not-a-disk'
  | 'not-canonical'
  | 'partition'
  | 'system-disk-name'
  | 'not-inspected'
  | 'not-found'
  | 'changed'
  | 'backs-system'
  | 'holds-iso'
  | 'storage-member'
  | 'mounted'
  | 'not-removable'
  | 'read-only'
  | 'no-medium'
  | 'too-small'
  | 'partial-view'
  | 'view-unknown'
  | 'root-on-no-disk'
  | 'serial-differs'
  | 'serial-unknown'
  | 'iso-not-usb-bootable'
  | 'removable-unknown'
  | 'mounted-unknown'
  | 'backs-system-unknown'
  | 'holds-iso-unknown'
  | 'storage-member-unknown'
  | 'read-only-unknown'
  | 'size-unknown';
