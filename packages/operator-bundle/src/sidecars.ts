// SPDX-License-Identifier: Apache-2.0
import type { VerifiedArtifact } from '@latticra/manifest';
import { signatureName } from './names.js';
import type { Staging } from './staging.js';

/** Copies the signature of an artifact beside it, where there is one. */
export async function stageSignature(
  staging: Staging,
  name: string | undefined,
  artifact: VerifiedArtifact | undefined,
): Promise<void> {
  if (name === undefined || artifact === undefined) return;
  const { signature } = artifact;
  if (signature !== undefined) await staging.copy(signature, signatureName(name));
}
