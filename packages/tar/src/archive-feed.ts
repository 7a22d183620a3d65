// SPDX-License-Identifier: Apache-2.0
import { createGunzipFeed, type GunzipFeed } from './gunzip.js';
import type { TarReplay } from './replay.js';
import { type TarSummary, type TarVisitor, walkTar } from './walk.js';

/** What an archive is stored as. */
export type TarCompression = 'none' | 'gzip';

/** An archive that goes by as it is stored, a tar or a tar in gzip. */
export interface ArchiveFeed {
  /** Takes the next bytes. Where something is returned, they may be overwritten when it resolves; else at once. */
  push(bytes: Uint8Array): Promise<void> | undefined;
  /** Returns how many of the bytes that come next nobody looks at, 0 in what is compressed: they may be skipped. */
  ahead(): number;
  /** Passes over as many bytes, at most as many as `ahead` returns. */
  skip(bytes: number): void;
  /** Resolves when the archive was read to its end. */
  end(): Promise<TarSummary & { readonly compression: TarCompression }>;
}

/** An archive that goes by as it is stored, and of which every byte is looked at. */
export interface ArchivePush extends Pick<ArchiveFeed, 'push'> {
  /** Resolves when the archive was read to its end. */
  end(): Promise<TarCompression>;
}

/** How gzip begins (RFC 1952, 2.3.1); no tar does, for a name of a member stands there. */
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Reads an archive as `walkTar` does, by what its first bytes say: a tar, or gzip with a tar in it.
 * @throws TarError `damaged`, `refused`, out of `push` and `end`
 */
export function createArchiveFeed(visitor: TarVisitor = {}): ArchiveFeed {
  const tar = walkTar(visitor);
  const { push, end, isPlain } = uncompress((content) => tar.push(content), tar.where);
  return {
    push,
    ahead: () => (isPlain() ? tar.ahead() : 0),
    skip: (bytes) => tar.skip(bytes),
    async end() {
      const compression = await end();
      return { ...tar.end(), compression };
    },
  };
}

/**
 * Shows an archive that was walked before to a replay, by what its first bytes say: a tar, or gzip with a tar in it.
 * @throws TarError `damaged`, out of `push` and `end`
 */
export function createArchiveReplay(replay: TarReplay): ArchivePush {
  const { push, end } = uncompress(
    (content) => replay.push(content),
    () => 'the archive',
  );
  return { push, end };
}

/** Makes what gives on a tar as it is, and the content of a gzip file. */
function uncompress(
  sink: (content: Uint8Array) => void,
  where: () => string,
): ArchivePush & { isPlain(): boolean } {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let gzip: GunzipFeed | undefined;
  const begin = (bytes: Uint8Array) => {
    head = undefined;
    if (GZIP_MAGIC.every((byte, index) => bytes[index] === byte)) gzip = createGunzipFeed(sink, where);
    return pass(bytes);
  };
  const pass = (bytes: Uint8Array) => {
    if (gzip !== undefined) return gzip.push(bytes);
    sink(bytes);
    return undefined;
  };
  return {
    push(bytes) {
      if (head === undefined) return pass(bytes);
      head = Buffer.concat([head, bytes]);
      return head.length < GZIP_MAGIC.length ? undefined : begin(head);
    },
    isPlain: () => head === undefined && gzip === undefined,
    async end() {
      if (head !== undefined) await begin(head);
      await gzip?.end();
      return gzip === undefined ? 'none' : 'gzip';
    },
  };
}
