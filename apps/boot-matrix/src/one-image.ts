// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type BootCase, imageCase } from '@latticra/boot-cases';
import { LaneError } from '@latticra/lane';
import { requireFile } from '@latticra/manifest';
import { type BootImageFormat, EXPECT_FLAGS, type ExpectFlags, readExpectFlags } from '@latticra/vm-run';

/** The flags by which one image is booted, without a matrix. */
export const IMAGE_FLAGS = {
  image: { value: 'path', help: 'boot this one image, by SeaBIOS, in place of a matrix' },
  'memory-mib': { value: 'integer', min: 16, max: 65536, help: 'memory of its machine (default: 256)' },
  'timeout-seconds': { value: 'integer', min: 1, max: 3600, help: 'what its boot may take (default: 60)' },
  ...EXPECT_FLAGS,
} as const;

/** The values of these flags. */
export type ImageFlags = ExpectFlags & {
  readonly image: string | undefined;
  readonly 'memory-mib': number | undefined;
  readonly 'timeout-seconds': number | undefined;
};

const MEMORY_MIB = 256;
const TIMEOUT_SECONDS = 60;

const isGiven = (value: unknown) =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

/**
 * Returns the case of the image that the flags name; undefined where they name none.
 * @throws LaneError `usage` where something is said of an image that is not named, or nothing is expected of one that is;
 *   VmRunError `bad-expectation`; HeldFileError
 */
export async function readImageFlags(flags: ImageFlags, cwd: string): Promise<BootCase | undefined> {
  const { image } = flags;
  if (image === undefined) {
    const names = Object.keys(IMAGE_FLAGS) as (keyof ImageFlags)[];
    const lone = names.find((name) => isGiven(flags[name]));
    if (lone === undefined) return undefined;
    throw new LaneError('usage', `--${lone}: is of the image that --image names, and there is none`, {
      fix: 'give --image, or say it in the matrix',
    });
  }
  const expected = readExpectFlags(flags);
  if (expected === undefined) {
    throw new LaneError('usage', `--image: nothing is expected of the boot of ${image}`, {
      fix: 'say what it has to show, with --expect-prompt "login: " or another of these flags',
    });
  }
  const path = resolve(cwd, image);
  return imageCase({
    path,
    format: await requireFile(path, image, ({ kind }) => formatOf(kind)),
    expected,
    memoryMib: flags['memory-mib'] ?? MEMORY_MIB,
    timeoutMs: (flags['timeout-seconds'] ?? TIMEOUT_SECONDS) * 1000,
  });
}

/** Returns how QEMU is to read a file of that kind: what is no format of an image is a raw disk, if anything. */
function formatOf(kind: string): BootImageFormat {
  if (kind === 'iso9660') return 'iso';
  return kind === 'qcow2' ? 'qcow2' : 'raw';
}
