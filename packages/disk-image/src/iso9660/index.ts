// SPDX-License-Identifier: Apache-2.0
export { layoutIso } from './layout.js';
export { planIso } from './plan.js';
export type { IsoBootImage, IsoContents, IsoExtent, IsoFile, IsoPlan, IsoSpec } from './spec.js';
