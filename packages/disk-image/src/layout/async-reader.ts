// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertAmount } from './amount.js';
import type { AsyncByteSource } from './async-source.js';
import { PageCache } from './page-cache.js';
import type { ByteSource } from './source.js';

export interface AsyncReaderOptions {
  /** Bytes that are held at most, 64 MiB by default. */
  readonly memory?: number;
  /** Ends what is being waited for. */
  readonly signal?: AbortSignal;
}

/** A source that is waited for, read by the readers of this package, which do not wait. */
export interface AsyncReader {
  /** What readers are given. It can be read while {@link run} or {@link pieces} is at work, and not between. */
  readonly source: ByteSource;
  /**
   * Does some work that reads. Where it needs bytes that are not here it is broken off, and done again from its start as soon as
   * they are: so it must do nothing but read and return, and give back no generator.
   * @throws ImageError `too-large` for work that reads more at once than memory is allowed for
   */
  run<T>(work: () => T): Promise<T>;
  /** Reads what a reader opened, from its first byte to its last. Each piece has memory of its own. */
  pieces(content: ByteSource): AsyncGenerator<Uint8Array, void, undefined>;
}

const MEMORY = 64 << 20;
const PIECE = 1 << 18;

/**
 * Opens a source that has to be waited for, for any reader of this package: bytes are fetched as they are asked for, some
 * ahead, and held in bounded memory. @throws ImageError `out-of-range` for a bound that is none
 *
 * @example
 * import { openAsBlob } from 'node:fs';
 * import { openIso } from '@latticra/disk-image/iso9660';
 * import { asyncReader, blobSource } from '@latticra/disk-image/layout';
 *
 * const reader = asyncReader(blobSource(await openAsBlob('image.iso')));
 * const iso = await reader.run(() => openIso(reader.source));
 * const kernel = await reader.run(() => iso.open(iso.find('boot/vmlinuz')));
 * for await (const piece of reader.pieces(kernel)) console.log(piece.length);
 */
export function asyncReader(source: AsyncByteSource, options: AsyncReaderOptions = {}): AsyncReader {
  const { memory = MEMORY } = options;
  assertAmount('the bytes that a reader may hold', memory);
  const pages = new PageCache(source, memory);
  let turn: Promise<unknown> = Promise.resolve();
  const run = <T>(work: () => T): Promise<T> => {
    const result = turn.then(() => attempt(pages, work, options.signal));
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    source: { size: source.size, readInto: (into, offset) => pages.readInto(into, offset) },
    run,
    async *pieces(content) {
      for (let at = 0; at < content.size; at += PIECE) {
        const piece = new Uint8Array(Math.min(PIECE, content.size - at));
        await run(() => content.readInto(piece, at));
        yield piece;
      }
    },
  };
}

/** Does work again and again, each time with what it missed the last time. It ends, since what it used stays. */
async function attempt<T>(pages: PageCache, work: () => T, signal?: AbortSignal): Promise<T> {
  pages.begin();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const outcome = pages.watch(work);
      if ('result' in outcome) {
        if (outcome.result instanceof Promise) {
          throw new ImageError(
            'unsupported',
            'work that waits cannot be done again; read in it, and wait outside',
          );
        }
        return outcome.result;
      }
      await pages.fetch(outcome.missing);
    }
  } finally {
    pages.end();
  }
}
