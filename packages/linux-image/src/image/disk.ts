// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, bytesSource, type Layout } from '@latticra/disk-image';
import { createGptDisk, GPT_TYPE } from '@latticra/disk-image/gpt';
import { LinuxImageError } from '../error.js';
import { createBiosLoader, createMasterBoot } from '../loader/patch.js';
import { type BootUki, bootRanges, createEsp, espSize } from './esp.js';
import { createIdentity } from './identity.js';

const MIB = 1 << 20;
/** Where a disk's parts start, in bytes: a partition of one MiB for the BIOS loader, then the root. */
const PLACE = { loader: MIB, root: 2 * MIB } as const;
/** The last MiB holds the backup GPT. */
const AFTER = MIB;

const aligned = (bytes: number) => Math.ceil(bytes / MIB) * MIB;

/** What a medium is made of. */
export interface MediumOptions {
  readonly uki: BootUki;
  /** The image of the root; undefined for a system that lives in its initramfs. */
  readonly root: ByteSource | undefined;
  /** In seconds since 1970. */
  readonly epoch: number;
}

/** Returns the byte of a disk where its root begins. */
export const diskRootOffset = (): number => PLACE.root;

/**
 * Returns the least number of bytes, whole MiB, that a disk with a root and a unified kernel image of these sizes has.
 * @throws LinuxImageError `bad-place` for sizes that are none
 */
export function diskSize(rootSize: number, ukiSize: number): number {
  for (const [what, size] of [
    ['a root', rootSize],
    ['a unified kernel image', ukiSize],
  ] as const) {
    if (!(Number.isSafeInteger(size) && size >= 0))
      throw new LinuxImageError('bad-place', `${what} of ${size} bytes: expected a whole number of them`);
  }
  return PLACE.root + aligned(rootSize) + aligned(espSize(ukiSize)) + AFTER;
}

/**
 * Plans a GPT disk that starts by BIOS and by UEFI: master boot code, a BIOS boot partition with the loader, the root in a
 * partition of its own, and an EFI system partition with the unified kernel image, which both loaders start.
 * @param size in bytes, whole MiB; the least that will do unless given
 * @throws LinuxImageError `bad-place` for a size that is no disk for these parts
 */
export function planDisk({ uki, root, epoch }: MediumOptions, size?: number): Layout {
  const least = diskSize(root?.size ?? 0, uki.source.size);
  const actual = size ?? least;
  if (!Number.isSafeInteger(actual) || actual % MIB !== 0 || actual < least) {
    throw new LinuxImageError(
      'bad-place',
      `a disk of ${actual / MIB} MiB: expected at least ${least / MIB}, whole MiB`,
      {
        fix: 'ask for a larger image, or for no size at all',
      },
    );
  }
  const identity = createIdentity(`disk of ${actual}`, epoch, uki.authenticode);
  const start = PLACE.root + aligned(root?.size ?? 0);
  const esp = createEsp({ uki, epoch, volumeId: identity.serial('esp'), start });
  const loader = createBiosLoader(
    { loader: PLACE.loader, ...bootRanges(esp, start, uki), commandLine: uki.commandLine },
    512,
  );
  return createGptDisk({
    size: actual,
    diskGuid: identity.uuid('disk'),
    bootCode: createMasterBoot(PLACE.loader),
    partitions: [
      {
        typeGuid: GPT_TYPE.biosBoot,
        uniqueGuid: identity.uuid('loader'),
        name: 'Latticra BIOS loader',
        firstLba: PLACE.loader / 512,
        size: PLACE.root - PLACE.loader,
        content: bytesSource(loader),
      },
      ...(root === undefined
        ? []
        : [
            {
              typeGuid: GPT_TYPE.linuxFilesystem,
              uniqueGuid: identity.uuid('root'),
              name: 'Latticra root',
              firstLba: PLACE.root / 512,
              content: root,
            },
          ]),
      {
        typeGuid: GPT_TYPE.efiSystem,
        uniqueGuid: identity.uuid('esp'),
        name: 'EFI system partition',
        firstLba: start / 512,
        content: esp.layout,
      },
    ],
  });
}
