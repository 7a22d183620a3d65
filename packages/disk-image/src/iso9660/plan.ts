// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { joinBytes } from '../layout/bytes.js';
import { bytesSource } from '../layout/source.js';
import { encodeBootCatalog } from './boot-catalog.js';
import { assertEpoch } from './date.js';
import { assertLabels, encodeBootRecord, encodePrimary, encodeTerminator } from './descriptor.js';
import { encodeDirectory } from './directory.js';
import { roundUp, SECTOR, SYSTEM_AREA } from './format.js';
import { encodePathTable } from './path-table.js';
import { RecordWriter } from './record-writer.js';
import type { IsoExtent, IsoFile, IsoPlan, IsoSpec } from './spec.js';
import { type FolderNode, growTree, pathTableOrder } from './tree.js';

/** The blocks of an image are counted in 32 bits. */
const MAX_IMAGE = 0xffff_ffff * SECTOR;
const NOWHERE: IsoExtent = { offset: 0, size: 0 };

/**
 * Decides where everything in an ISO 9660 image lies, from names and sizes alone. Directories are sorted
 * as the standard wants; the files' contents follow in the order in which they are given. The same spec
 * gives the same plan.
 *
 * @throws ImageError `bad-name` for a path or label that cannot be written, `too-large` for what the format
 *   cannot count (8 TiB, 65535 folders), `out-of-range` for other sizes that are none, `not-found` for a boot image that is no file of the volume.
 */
export function planIso(spec: IsoSpec): IsoPlan {
  assertEpoch(spec.epoch);
  assertLabels(spec);
  // Before anything is counted by them: what has no end would be counted without one.
  for (const file of spec.files) assertFile(file);
  const root = growTree(spec);
  const folders = pathTableOrder(root);
  if (folders.length > 0xffff) {
    throw new ImageError('too-large', `${folders.length} folders: ISO 9660 counts at most 65535`);
  }

  let end = SYSTEM_AREA;
  const reserve = (size: number, align = SECTOR): IsoExtent => {
    const offset = roundUp(end, align);
    end = offset + roundUp(size, SECTOR);
    return { offset, size };
  };
  const descriptors = reserve((spec.boot?.length ? 3 : 2) * SECTOR);
  const tableSize = encodePathTable(folders, () => NOWHERE, true).length;
  const lPathTable = reserve(tableSize);
  const mPathTable = reserve(tableSize);

  const directories = new Map<FolderNode, IsoExtent>();
  const writer = new RecordWriter(spec.epoch);
  const made = folders.map((folder) => {
    const encoded = encodeDirectory(folder, spec.epoch, writer);
    const directory = reserve(encoded.directory.length);
    directories.set(folder, directory);
    return { encoded, directory, continuation: reserve(encoded.continuation.length) };
  });
  const bootCatalog = spec.boot?.length ? reserve(SECTOR) : undefined;
  const files = new Map<string, IsoExtent>();
  for (const { path, size, align = SECTOR } of spec.files) {
    // An empty file has no place; block zero is what other writers put there too.
    files.set(path, size === 0 ? NOWHERE : reserve(size, align));
  }
  const size = imageSize(end, spec);

  const directoryOf = (folder: FolderNode) => directories.get(folder) ?? NOWHERE;
  const fileOf = (path: string) => files.get(path) ?? NOWHERE;
  const volume = { size, root: directoryOf(root), lPathTable, mPathTable };
  const metadata = [
    {
      offset: descriptors.offset,
      bytes: joinBytes(
        encodePrimary(spec, volume),
        ...(bootCatalog ? [encodeBootRecord(bootCatalog)] : []),
        encodeTerminator(),
      ),
    },
    { offset: lPathTable.offset, bytes: encodePathTable(folders, directoryOf, true) },
    { offset: mPathTable.offset, bytes: encodePathTable(folders, directoryOf, false) },
  ];
  for (const { encoded, directory, continuation } of made) {
    encoded.place({ folder: directoryOf, file: fileOf, continuation: continuation.offset / SECTOR });
    metadata.push({ offset: directory.offset, bytes: encoded.directory });
    metadata.push({ offset: continuation.offset, bytes: encoded.continuation });
  }
  if (bootCatalog && spec.boot) {
    const bootImage = (path: string) => {
      const extent = files.get(path);
      if (!extent?.size) throw new ImageError('not-found', `boot image ${path} is no file with content`);
      return extent;
    };
    metadata.push({ offset: bootCatalog.offset, bytes: encodeBootCatalog(spec.boot, bootImage) });
  }
  return {
    size,
    files,
    bootCatalog,
    trailer: { offset: size - (spec.trailerSize ?? 0), size: spec.trailerSize ?? 0 },
    metadata: metadata.map(({ offset, bytes }) => ({ offset, source: bytesSource(bytes) })),
  };
}

/** Refuses a file that no image can hold, and places that are none. @throws ImageError `too-large`, `out-of-range` */
function assertFile({ path, size, align = SECTOR }: IsoFile): void {
  assertMultiple(`alignment of ${path}`, align);
  if (!(Number.isSafeInteger(size) && size >= 0)) {
    throw new ImageError('too-large', `size of ${path}: ${size} is no number of bytes`);
  }
  if (size > MAX_IMAGE) {
    throw new ImageError('too-large', `size of ${path}: ${size} bytes, ISO 9660 counts at most 8 TiB`);
  }
}

function assertMultiple(what: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value > 0 && value % SECTOR === 0)) {
    throw new ImageError('out-of-range', `${what}: ${value} is no multiple of ${SECTOR} bytes`);
  }
}

/** Computes the length of the image: content, trailer, and what rounds them up. */
function imageSize(end: number, { trailerSize = 0, alignSize = SECTOR }: IsoSpec): number {
  assertMultiple('image size alignment', alignSize);
  if (!(Number.isSafeInteger(trailerSize) && trailerSize >= 0)) {
    throw new ImageError('out-of-range', `trailer size: ${trailerSize} is no number of bytes`);
  }
  const size = roundUp(end + trailerSize, alignSize);
  if (size > MAX_IMAGE) {
    throw new ImageError('too-large', `an image of ${size} bytes: ISO 9660 counts at most 8 TiB`);
  }
  return size;
}
