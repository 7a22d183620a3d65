// SPDX-License-Identifier: Apache-2.0
export type { IsoBootEntry } from './boot-catalog.js';
export { layoutIso } from './layout.js';
export type { IsoEntry } from './list.js';
export { type IsoImage, type IsoNames, type OpenIsoOptions, openIso } from './open.js';
export { planIso } from './plan.js';
export type { IsoBootImage, IsoContents, IsoExtent, IsoFile, IsoPlan, IsoSpec } from './spec.js';
export type { IsoVolume } from './volume.js';
