// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, fileSource, ImageError, readBytes } from '@latticra/disk-image';
import { openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { openIso } from '@latticra/disk-image/iso9660';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import { withStableFile } from '@latticra/held-files';
import { VmRunError } from './error.js';
import { assertImage, type BootImageFormat } from './image.js';

/** The path of the kernel in an ISO, or on the EFI system partition of a disk. */
const KERNEL_PATH = 'boot/kernel.elf';
/** The largest kernel that is read, which is also the largest that the boot seed's loaders take. */
const MAX_KERNEL_BYTES = 16 << 20;

function openKernel(source: ByteSource, format: BootImageFormat): ByteSource {
  if (format === 'iso') {
    const iso = openIso(source);
    return iso.open(iso.find(KERNEL_PATH));
  }
  const disk = format === 'qcow2' ? openQcow2(source) : source;
  const esp = readGpt(disk).partitions.find(({ typeGuid }) => typeGuid === GPT_TYPE.efiSystem);
  if (esp === undefined) throw new ImageError('not-found', 'the disk has no EFI system partition');
  return openFat(partitionSource(disk, esp)).open(KERNEL_PATH);
}

/**
 * Reads the kernel inside a boot image, unchanged.
 * @throws VmRunError `bad-image` when the image is damaged or of another format, `no-kernel` when it holds none
 * @throws HeldFileError when the file cannot be read, or changes meanwhile
 */
export function readImageKernel(path: string, format: BootImageFormat): Promise<Uint8Array> {
  return withStableFile(path, ({ fd, size }) => {
    const source = fileSource(fd, size);
    assertImage(path, format, source);
    try {
      const kernel = openKernel(source, format);
      if (kernel.size > MAX_KERNEL_BYTES) {
        throw new ImageError('too-large', `${KERNEL_PATH} has ${kernel.size} bytes, expected at most 16 MiB`);
      }
      return readBytes(kernel, 0, kernel.size);
    } catch (cause) {
      if (!(cause instanceof ImageError)) throw cause;
      throw new VmRunError('no-kernel', `${path}: no kernel can be read from it: ${cause.message}`, {
        cause,
        fix: 'name an image that latticra-boot-seed-build or -vm-image-build made; latticra-boot-matrix run boots any other, and latticra-os-image-inspect says what it is',
      });
    }
  });
}
