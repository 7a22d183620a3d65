// SPDX-License-Identifier: Apache-2.0
export { checkErofs, checkErofsInSteps, type ErofsCheck } from './check.js';
export type { ByteString, ErofsEntry, ErofsMetadata, ErofsTime, ErofsType } from './entry.js';
export { type ErofsImage, type ErofsNamed, openErofs } from './open.js';
export type { ErofsInode } from './parse-inode.js';
export type { ErofsVolume } from './parse-superblock.js';
export { type ErofsOptions, type ErofsPlan, planErofs } from './plan.js';
export { ErofsTree } from './tree.js';
export { type ErofsWriter, writeErofs } from './write.js';
