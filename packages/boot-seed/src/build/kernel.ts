// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { bytesSource, ImageError } from '@latticra/disk-image';
import { inspect, nameOf, requireKernel } from '@latticra/disk-image/inspect';
import { readStableFile } from '@latticra/held-files';
import { BootSeedError } from '../error.js';
import { assertBootable, MAX_KERNEL_SIZE } from '../multiboot/index.js';
import { readBuildId, setBuildId } from '../patch/build-id.js';

/** A kernel that images are built around. */
export interface BuildKernel {
  readonly bytes: Uint8Array;
  /** The build id that it will report; undefined for a kernel that is not the seed's. */
  readonly buildId: string | undefined;
  /** The digest of exactly these bytes, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A kernel that was read from a file. */
export interface GivenKernel extends BuildKernel {
  /** The digest of the file, whatever build id was filled in since. */
  readonly givenSha256: string;
}

/** Returns the seed's own kernel, which reports `buildId`; by default a name made of its digest. */
export function seedKernel(kernel: Uint8Array, buildId = `seed-${sum(kernel).slice(0, 16)}`): BuildKernel {
  const bytes = setBuildId(kernel, buildId);
  return { bytes, buildId, sha256: sum(bytes) };
}

/**
 * Reads the kernel at `path`. Gives the seed's own `buildId` where there is one, and leaves it the one it has
 * otherwise.
 * @throws HeldFileError when it cannot be read; BootSeedError when our loaders cannot start it, or `no-slot` for a
 *   build id that it has no place for
 */
export async function readKernel(path: string, buildId?: string): Promise<GivenKernel> {
  const { bytes, sha256 } = await readStableFile(path, { maxBytes: MAX_KERNEL_SIZE });
  assertKernelFormat(path, bytes);
  assertBootable(bytes);
  if (buildId !== undefined) return { ...seedKernel(bytes, buildId), givenSha256: sha256 };
  return { bytes, buildId: readBuildId(bytes), sha256, givenSha256: sha256 };
}

/**
 * Refuses what is no kernel of Multiboot at all by what it is; whether one of Multiboot can be started is another question.
 * @throws BootSeedError `kernel-not-elf`
 */
function assertKernelFormat(path: string, bytes: Uint8Array): void {
  const inspection = inspect(bytesSource(bytes));
  if (inspection.kind === 'elf' || inspection.kind === 'multiboot') return;
  try {
    requireKernel(inspection);
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    const { fix } = cause;
    throw new BootSeedError(
      'kernel-not-elf',
      `${path}: found ${nameOf(inspection)}, expected a Multiboot 2 kernel`,
      {
        cause,
        ...(fix !== undefined && { fix }),
      },
    );
  }
  throw new BootSeedError(
    'kernel-not-elf',
    `${path}: found ${nameOf(inspection)}; the boot seed's builders take Multiboot 2 kernels only`,
    {
      fix: 'latticra-os-image-build-preflight tells what an image around it takes; boot that with latticra-boot-matrix run',
    },
  );
}

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
