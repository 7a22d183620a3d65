// SPDX-License-Identifier: Apache-2.0
import { formatChecksumLine } from '@latticra/evidence-format';
import type { VerifiedArtifact } from '@latticra/manifest';
import { checksumName, signatureName } from './names.js';
import type { Staging } from './staging.js';

/** Writes the sidecar files of an artifact beside it: its checksum file, and its signature where there is one. */
export async function stageSidecars(
  staging: Staging,
  name: string,
  { measurement, signaturePath }: VerifiedArtifact,
): Promise<void> {
  await staging.write(checksumName(name), formatChecksumLine(measurement.sha256, name));
  if (signaturePath !== undefined) await staging.copy(signaturePath, signatureName(name));
}
