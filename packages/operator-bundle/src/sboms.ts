// SPDX-License-Identifier: Apache-2.0
import { BUNDLE_FILE } from './names.js';
import type { Staging } from './staging.js';

/** The name of each artifact's SBOM in the bundle. */
export interface SbomNames {
  readonly iso: string;
  readonly vmImage: string;
}

/** Copies the SBOMs into the bundle, as one file where both have the same content, and returns their names. */
export async function stageSboms(staging: Staging, iso: string, vmImage: string): Promise<SbomNames> {
  const { isoSbom, vmSbom, sbom } = BUNDLE_FILE;
  const first = await staging.copy(iso, isoSbom);
  const second = iso === vmImage ? first : await staging.copy(vmImage, vmSbom);
  if (first.sha256 !== second.sha256) return { iso: isoSbom, vmImage: vmSbom };
  if (second !== first) await staging.remove(vmSbom);
  await staging.rename(isoSbom, sbom);
  return { iso: sbom, vmImage: sbom };
}
