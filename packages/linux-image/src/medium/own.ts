// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError, readBytes, sliceSource } from '@latticra/disk-image';
import { LinuxImageError } from '../error.js';
import type { ByteRange } from '../loader/places.js';
import { readUki } from '../uki/read.js';
import type { UkiPart } from '../uki/uki.js';
import { readLinuxMedium } from './read.js';

const CHUNK = 1 << 20;

/**
 * Says whether all that BIOS and UEFI start in an ISO, or in a raw disk, up to the kernel of Linux, is what this version
 * writes, to the last byte: master boot code, BIOS loader and UEFI stub, each told of the same kernel, initramfs and command
 * line. What was filled in may be anything; the kernel is its distribution's. What cannot be read is not ours.
 */
export function isOwnLinuxLoader(image: ByteSource, format: 'iso' | 'disk'): boolean {
  if (attempt(() => startsOneSystem(image, format))) return true;
  // An ISO that was copied to a stick is a disk.
  return format === 'disk' && attempt(() => startsOneSystem(image, 'iso'));
}

function attempt(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if (error instanceof ImageError || error instanceof LinuxImageError) return false;
    throw error;
  }
}

function startsOneSystem(image: ByteSource, format: 'iso' | 'disk'): boolean {
  const { uki: source, loader } = readLinuxMedium(image, format);
  const uki = readUki(source);
  const isPart = (part: UkiPart, range: ByteRange) =>
    isSame(
      sliceSource(source, part.offset, part.size),
      sliceSource(image, range.offset, Math.min(range.size, image.size - range.offset)),
    );
  return (
    uki.stubIsOurs &&
    uki.commandLine === loader.commandLine &&
    isPart(uki.kernel, loader.kernel) &&
    isPart(uki.initrd, loader.initramfs)
  );
}

function isSame(first: ByteSource, second: ByteSource): boolean {
  if (first.size !== second.size) return false;
  for (let at = 0; at < first.size; at += CHUNK) {
    const size = Math.min(CHUNK, first.size - at);
    if (Buffer.compare(readBytes(first, at, size), readBytes(second, at, size)) !== 0) return false;
  }
  return true;
}
