// SPDX-License-Identifier: Apache-2.0
export type { ImageEntry } from './entry.js';
export { type ImageFiles, type OpenFilesOptions, openFiles } from './open.js';
export type { VolumeChoice } from './volume.js';
