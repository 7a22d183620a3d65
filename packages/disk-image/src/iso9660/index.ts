// SPDX-License-Identifier: Apache-2.0
export type { IsoBootImage, IsoContents, IsoExtent, IsoFile, IsoPlan, IsoSpec } from './spec.js';
