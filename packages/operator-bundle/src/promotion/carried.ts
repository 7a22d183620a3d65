// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileBelow, type LentFiles, openAnchor } from '@latticra/held-files/anchor';
import { type ArtifactManifest, loadArtifactManifest } from '@latticra/manifest';
import { isOperatorBundle } from '../is-bundle.js';
import { BUNDLE_FILE } from '../names.js';
import { listFolder } from '../present.js';
import { lentFiles } from './layout.js';
import { PROMOTION_FOLDER, PROMOTION_PART } from './names.js';
import { readListing } from './verify.js';

/** Where evidence lies that is to be evaluated. */
export interface CarriedEvidence {
  /** Absolute. */
  readonly evidenceDir: string;
  /** The files of it that a bundle has elsewhere; undefined for a folder that is none. */
  readonly lent: LentFiles | undefined;
}

/** Returns where the evidence lies that a bundle carries. @param bundle absolute @throws as `readListing` */
export async function carriedEvidence(bundle: string, manifest: ArtifactManifest): Promise<CarriedEvidence> {
  const listed = await readListing(bundle, manifest);
  return {
    evidenceDir: join(bundle, PROMOTION_FOLDER, PROMOTION_PART.evidence),
    lent: lentFiles(bundle, listed),
  };
}

/**
 * Returns where the evidence lies in a folder: in what it carries where it is a bundle with the evidence of a promotion, else in the folder
 * itself.
 * @param folder absolute
 * @throws OperatorBundleError `damaged`; EvidenceError, HeldFileError
 */
export async function evidenceIn(folder: string): Promise<CarriedEvidence> {
  // Refused as any folder of evidence is, where it is none.
  openAnchor(folder).close();
  const carries =
    (await isOperatorBundle(folder)) &&
    (await listFolder(folder)).some(({ name }) => name === BUNDLE_FILE.promotion);
  if (!carries) return { evidenceDir: folder, lent: undefined };
  const { manifest } = await loadArtifactManifest(
    BUNDLE_FILE.manifest,
    folder,
    fileBelow(folder, BUNDLE_FILE.manifest),
  );
  return carriedEvidence(folder, manifest);
}
