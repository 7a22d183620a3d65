// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { AttestationError, type Subject, spdxStatement } from '@latticra/attestation';
import { readStableFile } from '@latticra/held-files';
import { checkSbom, MAX_SBOM_BYTES, sbomLists } from '@latticra/sbom';
import type { NamedStatement } from './statements.js';

/**
 * Makes the statement of what is in the artifacts.
 * @throws AttestationError for an SBOM that breaks its standard, `other-subject` for one that does not list an artifact
 */
export async function sbomStatement(
  path: string,
  cwd: string,
  artifacts: readonly Subject[],
): Promise<NamedStatement> {
  const { bytes } = await readStableFile(resolve(cwd, path), { maxBytes: MAX_SBOM_BYTES });
  const statement = spdxStatement(artifacts, bytes);
  const { document } = checkSbom(bytes);
  const stranger = artifacts.find(({ sha256 }) => document === undefined || !sbomLists(document, sha256));
  if (stranger === undefined) return { name: 'sbom', statement };
  throw new AttestationError(
    'other-subject',
    `${path}: does not list ${stranger.name}, sha256:${stranger.sha256}`,
    { fix: 'give the SBOM of these artifacts, or add them with latticra-os-image-sbom --add-images' },
  );
}
