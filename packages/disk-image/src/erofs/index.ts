// SPDX-License-Identifier: Apache-2.0
export type { ByteString, ErofsEntry, ErofsMetadata, ErofsTime, ErofsType } from './entry.js';
export { type ErofsOptions, type ErofsPlan, planErofs } from './plan.js';
export { ErofsTree } from './tree.js';
export { type ErofsWriter, writeErofs } from './write.js';
