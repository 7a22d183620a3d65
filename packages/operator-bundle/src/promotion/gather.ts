// SPDX-License-Identifier: Apache-2.0

import type { Pin } from '@latticra/attestation';
import { parsePins } from '@latticra/attestation';
import type { ArtifactManifest } from '@latticra/manifest';
import type { Evaluation } from '@latticra/promotion';
import type { PublicKey } from '@latticra/signature';
import { parseAllowedSigners } from '@latticra/signature';
import { checkAttestations } from './attestations.js';
import { bad, notCarried, type PromotionFolder, topFiles } from './folder.js';
import type { PromotionEntry } from './listing.js';
import { PROMOTION_PART } from './names.js';

/**
 * Lists every file of a promotion folder that a bundle carries, by the paths that it has there: what the evaluation looked at, and understood.
 * @param found the evaluation as it was derived from the folder
 * @throws OperatorBundleError `bad-promotion` for anything else that lies there
 */
export function carriedEntries(folder: PromotionFolder, found: Evaluation): PromotionEntry[] {
  const { shown } = folder;
  const [refused] = found.refused;
  if (refused !== undefined) throw bad(`${shown}: ${refused.path}: ${refused.reason}`);
  const [unnamed] = found.unnamed;
  if (unnamed !== undefined) throw notCarried(`${shown}/${PROMOTION_PART.evidence}/${unnamed.path}`);
  const entries: PromotionEntry[] = [];
  for (const [part, evidence] of [
    [PROMOTION_PART.evidence, found.evidence],
    [PROMOTION_PART.reviews, folder.hasReviews ? found.reviews : undefined],
  ] as const) {
    for (const { path, size, sha256, content } of evidence?.pieces ?? []) {
      if (content.kind === 'unrecognized') throw notCarried(`${shown}/${part}/${path}`);
      entries.push({ path: `${part}/${path}`, size, sha256 });
    }
  }
  for (const [path, { size, sha256 }] of topFiles(folder)) entries.push({ path, size, sha256 });
  return entries;
}

/**
 * Refuses an evaluation of another release than the bundle is of, and attestations of other files.
 * @throws OperatorBundleError `bad-promotion`
 */
export function assertOfBundle(
  folder: PromotionFolder,
  { artifactVersion, sourceTag, iso, vmImage }: ArtifactManifest,
  entries: readonly PromotionEntry[],
): void {
  const { says, path } = folder.evaluation;
  for (const [what, evaluated, ours] of [
    ['artifact_version', says.version, artifactVersion],
    ['source_tag', says.tag ?? 'none', sourceTag],
    ['iso_artifact_sha256', says.iso, iso?.sha256],
    ['vm_image_sha256', says.vmImage, vmImage?.sha256],
  ] as const) {
    if (evaluated === ours) continue;
    throw bad(
      `${folder.shown}/${path}: is of another release: ${what} is ${evaluated ?? 'none'}, expected ${ours ?? 'none'}`,
    );
  }
  checkAttestations(folder.attestations, keysOf(folder), new Set(entries.map(({ sha256 }) => sha256)));
}

/** Returns the keys of the lists that lie in the folder. */
function keysOf({ allowedSigners, pins }: PromotionFolder): PublicKey[] {
  const allowed = allowedSigners === undefined ? [] : parseAllowedSigners(allowedSigners.bytes).signers;
  const pinned: readonly Pin[] = pins === undefined ? [] : parsePins(pins.bytes);
  return [...allowed, ...pinned].map(({ key }) => key);
}
