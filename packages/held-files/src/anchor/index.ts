// SPDX-License-Identifier: Apache-2.0
export { isSameFile } from '../identity.js';
export { fileBelow } from './below.js';
export { copyHeld, measureHeld } from './content.js';
export { foldedName } from './folded.js';
export { type LentFiles, lendFiles } from './lent.js';
export { type Name, safeName } from './name.js';
export { borrowFolder, openAnchor } from './open.js';
export { isTemporaryName } from './stale.js';
export type {
  AnchoredFile,
  AnchoredFolder,
  Anchoring,
  AnchorOptions,
  Identity,
  Listing,
  ReadableFolder,
  TemporaryFile,
} from './types.js';
export { createVisits, type Visits } from './visits.js';
