// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { ByteSource, Extent, Layout, PassOptions } from '@latticra/disk-image';
import { createNewFile, type NewFile } from '@latticra/held-files';
import type { Digests, StreamDigest } from '@latticra/held-files/digest';
import type { Sum } from './documents.js';
import { createTurn } from './turn.js';

/** A root that lies in one of the images already. */
export interface HousedRoot {
  readonly source: ByteSource;
  /** Where it was written: an image, or a file of its own. */
  readonly file: NewFile;
}

/** An image that is being written from its first byte to its last. */
interface OpenImage {
  readonly name: string;
  readonly file: NewFile;
  readonly layout: Layout;
  readonly digest: StreamDigest;
  /** Of the root in it; undefined where there is none, or none that was found again. */
  readonly root: Extent | undefined;
  /** Whether the root lies there already. */
  readonly isHome: boolean;
}

/**
 * Writes images side by side into a folder that nobody else sees: what they share, the root, is read once and given to the
 * digests of all of them, and is written where it does not lie yet. What is known of them then is given to `use`, which goes on
 * while the disk takes the rest.
 * @param layouts by the name of the file
 * @returns what `use` returns, when everything is durable
 * @throws HeldFileError, what the layouts' sources throw, and what `use` throws
 */
export async function writeImages<T>(
  folder: string,
  layouts: ReadonlyMap<string, Layout>,
  root: HousedRoot | undefined,
  digests: Digests,
  { onBytes, signal }: PassOptions,
  use: (sums: ReadonlyMap<string, Sum>) => Promise<T>,
): Promise<T> {
  const turn = createTurn(signal);
  const [room] = digests.rooms;
  const images: OpenImage[] = [];
  const rootSize = root?.source.size ?? 0;
  /** Writes what lies between two bytes of an image; a file has zeros where nothing is written. */
  const write = async ({ layout, file, digest }: OpenImage, from: number, to: number) => {
    for (let at = from; at < to; ) {
      const piece = pieceOf(layout, at, to, room());
      digest.add(piece.bytes);
      if (!piece.isHole) file.write(piece.bytes, at);
      at += piece.bytes.length;
      onBytes(piece.bytes.length);
      await file.syncEarly();
      await turn();
    }
  };
  try {
    for (const [name, layout] of layouts) {
      const path = join(folder, name);
      const isHome = root?.file.path === path;
      const file = isHome ? root.file : await createNewFile(path);
      const extent = root && layout.extents.find(({ source }) => source === root.source);
      images.push({ name, file, layout, digest: digests.stream(), root: extent, isHome });
    }
    for (const image of images) await write(image, 0, image.root?.offset ?? image.layout.size);
    for (let at = 0; at < rootSize && root !== undefined; ) {
      const memory = room();
      const piece = memory.subarray(0, Math.min(memory.length, rootSize - at));
      root.source.readInto(piece, at);
      for (const image of images) image.root && image.digest.add(piece);
      for (const { root: place, file, isHome } of images) {
        if (place === undefined) continue;
        if (!isHome) file.write(piece, place.offset + at);
        onBytes(piece.length);
        await file.syncEarly();
      }
      at += piece.length;
      await turn();
    }
    for (const image of images) {
      if (image.root !== undefined) await write(image, image.root.offset + rootSize, image.layout.size);
    }
    const sums = new Map(
      images.map(({ name, layout, digest }) => [name, { size: layout.size, sha256: digest.end() }]),
    );
    const durable = Promise.all(images.map(({ file, layout }) => file.finish(layout.size)));
    // Both have ended before a file is closed, whatever becomes of the other.
    const [synced, used] = await Promise.allSettled([durable, use(sums)]);
    if (synced.status === 'rejected') throw synced.reason;
    if (used.status === 'rejected') throw used.reason;
    return used.value;
  } finally {
    for (const { file, isHome } of images) if (!isHome) await file.close();
  }
}

/** Fills memory with what an image has from a byte on: content of one extent, or zeros up to the next. */
function pieceOf({ extents }: Layout, at: number, to: number, memory: Uint8Array) {
  // An image has few of them.
  const extent = extents.find(({ offset, source }) => offset + source.size > at);
  const isHole = extent === undefined || extent.offset > at;
  const end = extent === undefined ? to : isHole ? extent.offset : extent.offset + extent.source.size;
  const bytes = memory.subarray(0, Math.min(memory.length, Math.min(end, to) - at));
  if (isHole) bytes.fill(0);
  else extent.source.readInto(bytes, at - extent.offset);
  return { bytes, isHole };
}
