// SPDX-License-Identifier: Apache-2.0
import { formatChecksumLine } from '@latticra/evidence-format';
import type { VerifiedArtifact } from '@latticra/manifest';
import { checksumName, signatureName } from './names.js';
import type { Staging } from './staging.js';

/** Writes the sidecar files of an artifact beside it, where there is one: its checksum file, and its signature if it has one. */
export async function stageSidecars(
  staging: Staging,
  name: string | undefined,
  artifact: VerifiedArtifact | undefined,
): Promise<void> {
  if (name === undefined || artifact === undefined) return;
  const { measurement, signaturePath } = artifact;
  await staging.write(checksumName(name), formatChecksumLine(measurement.sha256, name));
  if (signaturePath !== undefined) await staging.copy(signaturePath, signatureName(name));
}
