// SPDX-License-Identifier: Apache-2.0
import { createGunzip } from 'node:zlib';
import { GET_AGAIN, TarError } from './error.js';

/** Bytes of decompressed output at a time. */
const CHUNK_BYTES = 1 << 18;

/** A gzip file that goes by; what it holds is shown to a `sink`. */
export interface GunzipFeed {
  /** Resolves when `bytes` were dealt with and may be overwritten. */
  push(bytes: Uint8Array): Promise<void>;
  /** Resolves when the last of the content was shown, and the last checksum was right. */
  end(): Promise<void>;
}

/**
 * Decompresses any number of gzip members (RFC 1952, 2.2), in a thread of zlib's own, in constant memory. Zeros
 * may follow the last one, as on tapes; anything else is refused.
 *
 * @param sink gets the content in order; what it throws comes out of `push` or `end`
 * @param where says what of the content is being read, for a message
 * @throws TarError `damaged`, out of `push` and `end`
 */
export function createGunzipFeed(
  sink: (bytes: Uint8Array) => void,
  where: () => string = () => 'its content',
): GunzipFeed {
  const refuse = (reason: string, cause: unknown) =>
    new TarError('damaged', `gzip, in ${where()}: ${reason}`, { cause, fix: GET_AGAIN });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  let fed = 0;
  let isOver = false;
  let sinkError: unknown;
  let failure: Error | undefined;
  /** Ends the step that is under way; at most one is. */
  let settle: () => void = () => undefined;
  gunzip.on('data', (bytes: Uint8Array) => {
    if (gunzip.destroyed) return;
    try {
      sink(bytes);
    } catch (error) {
      sinkError = error;
      gunzip.destroy(new Error('refused'));
    }
  });
  gunzip.on('error', (error) => {
    failure = sinkError instanceof Error ? sinkError : refuse(error.message, error);
    settle();
  });
  const step = async (start: (done: () => void) => void) => {
    if (failure === undefined) {
      await new Promise<void>((resolve) => {
        settle = resolve;
        start(resolve);
      });
    }
    if (failure !== undefined) throw failure;
  };
  const expectZeros = (bytes: Uint8Array) => {
    if (bytes.some((byte) => byte !== 0)) throw refuse('something behind the compressed data', undefined);
  };
  return {
    async push(bytes) {
      if (isOver) return expectZeros(bytes);
      // A write that failed is told of by the error event, which knows the reason.
      await step((done) => gunzip.write(bytes, (error) => error ?? done()));
      fed += bytes.length;
      // zlib goes on from member to member by itself, and stops at a zero.
      isOver = gunzip.bytesWritten < fed;
      if (isOver) expectZeros(bytes.subarray(bytes.length - (fed - gunzip.bytesWritten)));
    },
    end() {
      return step((done) => {
        if (gunzip.readableEnded) return done();
        gunzip.once('end', done);
        if (!isOver) gunzip.end();
      });
    },
  };
}

/** Bytes of input at a time: what they decompress to is held, at most a thousand times as much. */
const STEP_BYTES = 4096;

/**
 * Decompresses a gzip file that comes in pieces, as {@link createGunzipFeed} does; in front of `readTar`.
 * @throws TarError `damaged`
 */
export async function* gunzip(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let content: Uint8Array[] = [];
  const feed = createGunzipFeed((bytes) => content.push(bytes));
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += STEP_BYTES) {
      await feed.push(piece.subarray(at, at + STEP_BYTES));
      yield* content;
      content = [];
    }
  }
  await feed.end();
  yield* content;
}
