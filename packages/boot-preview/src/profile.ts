// SPDX-License-Identifier: Apache-2.0
import { type BootPreviewFixture, bootPreviewFixture } from '@latticra/manifest';
import type { Attachment } from '@latticra/qemu-argv';
import { BootPreviewError } from './error.js';

/** What the readiness fixture says of each profile. */
type ProfileFacts = BootPreviewFixture['profiles'][keyof BootPreviewFixture['profiles']];

/** A boot-preview profile by its name. */
export type ProfileName = ProfileFacts['profile'];

/** One way to boot: firmware, boot loader and machine, and the kind of image that they take. */
export interface BootPreviewProfile {
  readonly name: ProfileName;
  readonly targetFirmware: ProfileFacts['target_firmware'];
  readonly targetBootloader: ProfileFacts['target_bootloader'];
  readonly qemuMachine: ProfileFacts['qemu_machine'];
  /** The program's name. */
  readonly qemuBinary: ProfileFacts['qemu_binary'];
  readonly artifactFormat: 'iso' | 'raw';
  readonly attach: Attachment;
  /** The partition table of the image. An ISO of GRUB's has one too, for USB sticks. */
  readonly partitionScheme: 'gpt';
  /** Whether GRUB's core image lies in a partition of its own, where the boot image finds it. */
  readonly biosBootPartition: boolean;
  /** Whether there is a partition that UEFI loads BOOTX64.EFI from. */
  readonly efiSystemPartition: boolean;
}

/** The part of a profile that concerns its image, of which the fixture says nothing. */
type ProfileImage = Pick<
  BootPreviewProfile,
  'artifactFormat' | 'attach' | 'partitionScheme' | 'biosBootPartition' | 'efiSystemPartition'
>;

const DISK = { artifactFormat: 'raw', attach: 'disk', partitionScheme: 'gpt' } as const;

const IMAGES: Readonly<Record<ProfileName, ProfileImage>> = {
  'x86_64-seabios-grub-preview': {
    artifactFormat: 'iso',
    attach: 'cdrom',
    partitionScheme: 'gpt',
    biosBootPartition: false,
    efiSystemPartition: true,
  },
  'x86_64-grub2-bios-preview': { ...DISK, biosBootPartition: true, efiSystemPartition: false },
  'x86_64-grub2-uefi-preview': { ...DISK, biosBootPartition: false, efiSystemPartition: true },
};

/** The three profiles, in the fixture's order. */
export const PROFILES: readonly BootPreviewProfile[] = Object.values(
  bootPreviewFixture.expected.profiles,
).map((facts) => ({
  name: facts.profile,
  targetFirmware: facts.target_firmware,
  targetBootloader: facts.target_bootloader,
  qemuMachine: facts.qemu_machine,
  qemuBinary: facts.qemu_binary,
  ...IMAGES[facts.profile],
}));

/** The names of the profiles. */
export const PROFILE_NAMES: readonly ProfileName[] = PROFILES.map(({ name }) => name);

/** Returns the profile of that name. @throws BootPreviewError `unknown-profile` */
export function profileNamed(name: string): BootPreviewProfile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw new BootPreviewError('unknown-profile', `no profile is called ${JSON.stringify(name)}`, {
    fix: `choose ${PROFILE_NAMES.join(', ')}`,
  });
}
