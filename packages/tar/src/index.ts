// SPDX-License-Identifier: Apache-2.0
export {
  type ArchiveFeed,
  type ArchivePush,
  createArchiveFeed,
  createArchiveReplay,
  type TarCompression,
} from './archive-feed.js';
export { TarError, type TarErrorCode } from './error.js';
export { createGunzipFeed, type GunzipFeed, gunzip } from './gunzip.js';
export { BLOCK_BYTES, headerChecksum, isTarHeader, isZeroBlock } from './header.js';
export type { TarMember, TarMemberType, TarPlaces } from './member.js';
export { type ByteString, showName } from './name.js';
export type { TarTime } from './number.js';
export { readTar, type TarEntry } from './read.js';
export { type ContentPlaces, type ReplayVisitor, replayTar, type TarReplay } from './replay.js';
export type { SparseRun } from './sparse.js';
export { type TarSummary, type TarVisitor, type TarWalk, walkTar } from './walk.js';
