// SPDX-License-Identifier: Apache-2.0
export { checkFat } from './check.js';
export { createFat } from './create.js';
export type {
  FatCheck,
  FatEntry,
  FatFile,
  FatOptions,
  FatReader,
  FatType,
  FatVolume,
  PlacedFatFile,
} from './fat.js';
export { openFat } from './open.js';
