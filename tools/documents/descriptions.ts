// SPDX-License-Identifier: Apache-2.0
import { releaseState } from '../../apps/latticra/src/commands/release/state.js';
import { bootRecord } from '../../packages/boot-cases/src/index.js';
import {
  bootArtifactManifest,
  bootEvidence,
  operatorConsent,
} from '../../packages/boot-preview/src/index.js';
import { seedBuildRecord } from '../../packages/boot-seed/src/index.js';
import type { DocumentDescription } from '../../packages/evidence-format/src/define.js';
import { buildRecord } from '../../packages/linux-release/src/index.js';
import { artifactManifest, inputBundle } from '../../packages/manifest/src/index.js';
import { promotionListing } from '../../packages/operator-bundle/src/index.js';
import { promotionEvaluation, review, transcript } from '../../packages/promotion/src/index.js';
import { unsignedLocal } from '../../packages/signature/src/index.js';

/** Every kind of document that is described, by the name of its description. A test finds one that is left out. */
export const DESCRIPTIONS: Readonly<Record<string, DocumentDescription<unknown>>> = {
  artifactManifest,
  inputBundle,
  bootArtifactManifest,
  operatorConsent,
  bootEvidence,
  bootRecord,
  buildRecord,
  unsignedLocal,
  seedBuildRecord,
  transcript,
  review,
  promotionEvaluation,
  promotionListing,
  releaseState,
};
