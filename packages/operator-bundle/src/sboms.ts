// SPDX-License-Identifier: Apache-2.0
import { type FilePlace, pathOf } from '@latticra/held-files';
import { BUNDLE_FILE, type ByArtifact } from './names.js';
import type { Staging } from './staging.js';

/**
 * Copies the SBOMs into the bundle, as one file where there is one or both have the same content, and returns their names.
 * @param sboms as they lie outside of the bundle
 */
export async function stageSboms(
  staging: Staging,
  sboms: ByArtifact<FilePlace>,
): Promise<ByArtifact<string>> {
  const { isoSbom, vmSbom, sbom } = BUNDLE_FILE;
  const { iso, vmImage } = sboms;
  if (iso === undefined || vmImage === undefined) {
    const only = iso ?? vmImage;
    if (only !== undefined) await staging.copy(only, sbom);
    return { iso: iso && sbom, vmImage: vmImage && sbom };
  }
  const first = await staging.copy(iso, isoSbom);
  const second = pathOf(iso) === pathOf(vmImage) ? first : await staging.copy(vmImage, vmSbom);
  if (first.sha256 !== second.sha256) return { iso: isoSbom, vmImage: vmSbom };
  if (second !== first) await staging.remove(vmSbom);
  await staging.rename(isoSbom, sbom);
  return { iso: sbom, vmImage: sbom };
}
