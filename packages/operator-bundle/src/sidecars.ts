// SPDX-License-Identifier: Apache-2.0
import type { VerifiedArtifact } from '@latticra/manifest';
import type { LoadedSigners } from '@latticra/signature';
import { BUNDLE_FILE, signatureName } from './names.js';
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

/** Writes the lists by which the signatures were verified, as they were read. */
export async function stageLists(
  staging: Staging,
  { allowedList, revokedList }: LoadedSigners,
): Promise<void> {
  await staging.writeBytes(BUNDLE_FILE.allowedSigners, allowedList.bytes);
  if (revokedList !== undefined) await staging.writeBytes(BUNDLE_FILE.revokedKeys, revokedList.bytes);
}
