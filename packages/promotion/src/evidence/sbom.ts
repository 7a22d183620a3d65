// SPDX-License-Identifier: Apache-2.0
import { checkSbom } from '@latticra/sbom/check';
import { PromotionError } from '../error.js';
import type { SbomFacts } from './piece.js';

const NOTHING: ReadonlySet<string | undefined> = new Set([undefined, '', 'NOASSERTION']);

/** Reads an SBOM. @throws PromotionError `bad-evidence` for one that breaks a clause of SPDX 2.3 */
export function readSbom(name: string, bytes: Uint8Array): SbomFacts {
  const { document, findings } = checkSbom(bytes);
  if (document === undefined) {
    const [first] = findings;
    const why =
      first === undefined
        ? ''
        : `: clause ${first.clause} at ${first.pointer || 'the top'}: ${first.message}`;
    throw new PromotionError('bad-evidence', `${name}${why}`, { fix: 'see latticra-os-image-sbom-check' });
  }
  const { files = [], packages = [] } = document;
  const lists = [...files, ...packages]
    .flatMap(({ checksums = [] }) => checksums)
    .filter(({ algorithm }) => algorithm === 'SHA256')
    .map(({ checksumValue }) => checksumValue.toLowerCase());
  // SPDX 2.3, 7.15 and 7.16: what is declared, or a comment that tells why nothing is.
  const unlicensed = packages.find(
    ({ licenseDeclared, licenseComments }) =>
      NOTHING.has(licenseDeclared) && (licenseComments ?? '').trim() === '',
  );
  return { lists: new Set(lists), packages: packages.length, unlicensed: unlicensed?.name };
}
