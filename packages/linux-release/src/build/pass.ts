// SPDX-License-Identifier: Apache-2.0
import type { PassOptions } from '@latticra/disk-image';
import type { FileDigest, Room } from '@latticra/held-files/digest';
import {
  createArchiveFeed,
  createArchiveReplay,
  TarError,
  type TarReplay,
  type TarVisitor,
} from '@latticra/tar';
import { badInput, type HeldInput } from './inputs.js';
import { createTurn } from './turn.js';

/** The bytes that are read at a time: little where contents are passed over, and more where they are not. */
const LEAST = 1 << 13;
const MOST = 1 << 20;

/**
 * Shows the members of an archive to a visitor. Where it is not compressed, contents that nobody looks at are not read here:
 * there is time for others to digest them meanwhile.
 * @throws LinuxReleaseError `bad-input` for a damaged archive, or one that no two programs unpack alike
 */
export function scanArchive(held: HeldInput, visitor: TarVisitor, options: PassOptions): Promise<void> {
  const { source } = held;
  const turn = createTurn(options.signal);
  const buffer = new Uint8Array(Math.min(MOST, source.size));
  return told(held, async () => {
    const feed = createArchiveFeed(visitor);
    let length = LEAST;
    for (let at = 0; at < source.size; ) {
      const ahead = Math.min(feed.ahead(), source.size - at);
      if (ahead > 0) {
        feed.skip(ahead);
        at += ahead;
        options.onBytes(ahead);
        length = LEAST;
        continue;
      }
      const piece = buffer.subarray(0, Math.min(length, source.size - at));
      source.readInto(piece, at);
      await feed.push(piece);
      at += piece.length;
      options.onBytes(piece.length);
      length = Math.min(2 * length, MOST);
      await turn();
    }
    await feed.end();
  });
}

/** An archive as it is stored. */
export interface PassedArchive {
  readonly format: 'tar' | 'tar.gz';
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/**
 * Shows an archive that was scanned before to a replay, while what was not digested then is.
 * @param whole the digest of the archive
 * @param room is filled with what is read
 * @param onPiece is called after every piece
 * @throws LinuxReleaseError `bad-input` for a damaged gzip file
 */
export function passArchive(
  held: HeldInput,
  replay: TarReplay,
  whole: FileDigest,
  room: Room,
  { onBytes, signal, onPiece }: PassOptions & { readonly onPiece: () => Promise<void> },
): Promise<PassedArchive> {
  const { source } = held;
  const turn = createTurn(signal);
  const digested = whole.reached();
  return told(held, async () => {
    const feed = createArchiveReplay(replay);
    for (let at = 0; at < source.size; ) {
      const memory = room();
      const piece = memory.subarray(0, Math.min(memory.length, source.size - at));
      source.readInto(piece, at);
      whole.add(piece.subarray(Math.max(0, digested - at)));
      await feed.push(piece);
      await onPiece();
      at += piece.length;
      onBytes(piece.length);
      await turn();
    }
    const compression = await feed.end();
    return { format: compression === 'gzip' ? 'tar.gz' : 'tar', sha256: whole.end() };
  });
}

/** Says of what is wrong with an archive which input it is. */
async function told<T>({ input }: HeldInput, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw cause instanceof TarError ? badInput(input, cause) : cause;
  }
}
