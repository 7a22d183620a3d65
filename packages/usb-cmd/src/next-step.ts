// SPDX-License-Identifier: Apache-2.0
import type { DeviceAssessment } from './assess.js';
import type { UsbPlatform } from './platform.js';
import type { BlockedReason } from './reason.js';

const ASK_AGAIN = 'then ask again';
const NAME_WHOLE_DISK = 'name the whole disk, spelled plainly, as lsblk or diskutil list shows it';
const BY_HAND =
  'give the placeholder as the device, and put the name into the commands after looking twice; the check command among them asks the kernel';
const ON_THE_MACHINE =
  'run this on the machine that has the device, as root in a plain shell: not in a container, a chroot, a sandbox, or a service with mounts of its own';

/** What a person does about each reason, where it does not go by the platform. */
const STEPS: Record<BlockedReason, string> = {
  'not-a-disk': NAME_WHOLE_DISK,
  'not-canonical': NAME_WHOLE_DISK,
  partition: NAME_WHOLE_DISK,
  'system-disk-name':
    'take another device; if it is sure that this is no system disk, give --accept-device-name with its name and --device-serial with its serial number',
  'not-inspected': `run this on the machine and platform that has the device, or ${BY_HAND}`,
  'not-found': 'see which devices there are, plug it in if it is not among them, and ask again',
  changed: `leave the device plugged in, and ask again`,
  'backs-system': 'take another device: the running system needs this one',
  'holds-iso': 'copy the image to another disk, and name it there',
  'storage-member': `see what it belongs to; if that is not needed, close it, wipe the marks of it from the device, ${ASK_AGAIN}`,
  mounted: `run pre_write_unmount_command, ${ASK_AGAIN}`,
  'not-removable': 'take a device on USB or in a card slot',
  'read-only': `slide its lock open, or take another device; ${ASK_AGAIN}`,
  'no-medium': `put the card in, ${ASK_AGAIN}`,
  'too-small': 'take a larger device, which has to hold the whole image',
  'partial-view': ON_THE_MACHINE,
  'view-unknown': ON_THE_MACHINE,
  'root-on-no-disk': `the disk under / cannot be told on this system: ask on a machine that is installed on a disk, or ${BY_HAND}`,
  'serial-differs':
    'compare the name and the serial number with what the machine lists; it is another device',
  'serial-unknown':
    'take another device, or the same one under another name: this one tells no serial number here',
  'iso-not-usb-bootable':
    'take an image that starts from a stick as well as from a disc, as latticra-boot-seed-build and grub-mkrescue make it (isohybrid changes one of isolinux), or burn this one to a disc; latticra-os-image-inspect --file shows how it starts',
  'removable-unknown': 'take a device on USB or in a card slot',
  'mounted-unknown': ON_THE_MACHINE,
  'backs-system-unknown': ON_THE_MACHINE,
  'holds-iso-unknown': `copy the image to a disk of the machine, and name it there`,
  'storage-member-unknown': `see what is on it; if that is not needed, wipe the marks of it from the device, ${ASK_AGAIN}`,
  'read-only-unknown': BY_HAND,
  'size-unknown': `plug it in anew, ${ASK_AGAIN}`,
};

const ON_PLATFORM: Record<UsbPlatform, Partial<Record<BlockedReason, string>>> = {
  linux: {
    'not-found':
      'lsblk -o NAME,SIZE,MODEL,TRAN,SERIAL lists the devices; plug it in if it is not among them, and ask again',
    'storage-member': `lsblk shows what lies on it, losetup -a loop devices; if that is not needed, close it (umount, swapoff, losetup -d, vgchange -an, mdadm --stop, cryptsetup close), run sudo wipefs -a on the device and its partitions, ${ASK_AGAIN}`,
    'storage-member-unknown': `udev has not told what is on it, or it can be one of several devices of a file system: run sudo udevadm trigger --settle, ${ASK_AGAIN}; if nothing on it is needed, sudo wipefs -a on the device and its partitions`,
    'serial-differs': 'compare with lsblk -dno NAME,SERIAL: it is another device',
  },
  macos: {
    'not-found': 'diskutil list lists the devices; plug it in if it is not among them, and ask again',
    'storage-member': `diskutil list shows what it belongs to; if that is not needed, remove it (diskutil apfs deleteContainer), ${ASK_AGAIN}`,
    'storage-member-unknown': `diskutil list shows what it belongs to; if that is not needed, remove it, ${ASK_AGAIN}`,
    'backs-system-unknown': `see that diskutil list and diskutil info / answer, ${ASK_AGAIN}`,
    'mounted-unknown': `see that diskutil list and diskutil info / answer, ${ASK_AGAIN}`,
  },
};

const MOUNTED_ELSEWHERE =
  'a container or a service has it mounted: sudo grep -l with its major:minor, as lsblk shows it, over /proc/[0-9]*/mountinfo tells which processes; stop them, then ask again';

/** Returns what a person can do about a blocked device, in one line; undefined for one that is not blocked. */
export function nextStep({ reason, platform, facts }: DeviceAssessment): string | undefined {
  if (reason === undefined) return undefined;
  if (reason === 'mounted' && facts.mountedNodes.length === 0) return MOUNTED_ELSEWHERE;
  return ON_PLATFORM[platform][reason] ?? STEPS[reason];
}
