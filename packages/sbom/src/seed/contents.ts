// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type ByteSource, ImageError, sliceSource } from '@latticra/disk-image';
import { type FatReader, openFat } from '@latticra/disk-image/fat';
import { GPT_TYPE, partitionSource, readGpt } from '@latticra/disk-image/gpt';
import { openIso } from '@latticra/disk-image/iso9660';
import { openQcow2 } from '@latticra/disk-image/qcow2';
import { findGrubVersion } from './grub-version.js';

/** How an image is looked into. */
export type ImageKind = 'iso' | 'disk' | 'esp';

/** Something to be found inside an image. */
export interface Sought {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What was found, and why the image could not be looked into further, where it could not. */
export interface Contents<T> {
  readonly found: readonly T[];
  /** Versions of GRUB whose modinfo.sh lies in the image as a file. */
  readonly grub: readonly string[];
  readonly problem: string | undefined;
}

/** qcow2 files begin with `QFI\xfb`. */
const QCOW2_MAGIC = 0x514649fb;
const CHUNK = 1 << 20;
/** GRUB's modinfo.sh is some KiB. */
const MAX_NOTE = 64 << 10;

/**
 * Finds which of `sought` lie in an image byte for byte: files of an ISO 9660 volume, of an EFI system
 * partition, or such a partition as a whole. An image that is damaged, or of no format that is known here, is
 * no error: nothing more can be said of what it contains then, and the answer tells why.
 */
export function findContents<T extends Sought>(
  image: ByteSource,
  kind: ImageKind,
  sought: readonly T[],
): Contents<T> {
  const found = new Set<T>();
  const grub = new Set<string>();
  let problem: string | undefined;
  try {
    for (const part of PARTS[kind](image)) {
      const version = part.size <= MAX_NOTE ? findGrubVersion(part) : undefined;
      if (version !== undefined) grub.add(version);
      const candidates = sought.filter((item) => item.size === part.size && !found.has(item));
      if (candidates.length === 0) continue;
      const sha256 = sum(part);
      for (const item of candidates) if (item.sha256 === sha256) found.add(item);
    }
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    problem = error.message;
  }
  return { found: sought.filter((item) => found.has(item)), grub: [...grub], problem };
}

const PARTS: Record<ImageKind, (image: ByteSource) => Generator<ByteSource>> = {
  iso: partsOfIso,
  disk: partsOfDisk,
  esp: (image) => filesOfFat(openFat(image)),
};

function* partsOfIso(image: ByteSource): Generator<ByteSource> {
  const iso = openIso(image);
  for (const { entry } of iso.walk()) if (entry.kind === 'file') yield iso.open(entry);
  // The volume itself says how long it is; the catalog's load size is 0 or 1 with some writers.
  for (const { platform, offset } of iso.boot) {
    if (platform === 'uefi') yield* filesOfFat(openFat(sliceSource(image, offset, image.size - offset)));
  }
}

function* partsOfDisk(image: ByteSource): Generator<ByteSource> {
  const disk = isQcow2(image) ? openQcow2(image) : image;
  for (const partition of readGpt(disk).partitions) {
    const content = partitionSource(disk, partition);
    yield content;
    if (partition.typeGuid === GPT_TYPE.efiSystem) yield* filesOfFat(openFat(content));
  }
}

function* filesOfFat(volume: FatReader): Generator<ByteSource> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { kind, name } of volume.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'folder') folders.push(path);
      else yield volume.open(path);
    }
  }
}

function isQcow2(image: ByteSource): boolean {
  if (image.size < 4) return false;
  const magic = Buffer.alloc(4);
  image.readInto(magic, 0);
  return magic.readUInt32BE() === QCOW2_MAGIC;
}

function sum(source: ByteSource): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(Math.min(CHUNK, source.size));
  for (let at = 0; at < source.size; at += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, source.size - at));
    source.readInto(part, at);
    hash.update(part);
  }
  return hash.digest('hex');
}
