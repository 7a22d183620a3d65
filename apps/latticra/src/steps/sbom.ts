// SPDX-License-Identifier: Apache-2.0
import { readStableFile } from '@latticra/held-files';
import { checkSbom, type Finding, MAX_SBOM_BYTES, SbomError } from '@latticra/sbom';

/**
 * Reads an SBOM back and holds it to the clauses of SPDX 2.3. Returns how many packages and files it lists, and how much advice
 * there is for it.
 * @throws SbomError `not-conforming` for the first clause that it breaks
 */
export async function requireSbom(path: string) {
  const { bytes } = await readStableFile(path, { maxBytes: MAX_SBOM_BYTES });
  const { document, findings, omitted } = checkSbom(bytes);
  if (document === undefined) throw sbomError(path, findings[0]);
  const { packages, files } = document;
  return {
    packages: packages?.length ?? 0,
    files: files?.length ?? 0,
    advice: findings.length + omitted,
    findings,
  };
}

/** Makes the error about an SBOM of what was found in it. */
export function sbomError(path: string, finding: Finding | undefined): SbomError {
  const where = finding === undefined ? 'no clause' : `clause ${finding.clause} at ${finding.pointer}`;
  return new SbomError('not-conforming', `the SBOM breaks ${where}: ${finding?.message}`, {
    fix: `look into ${path}`,
  });
}
