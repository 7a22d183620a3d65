// SPDX-License-Identifier: Apache-2.0
import type { SpdxChecksum, SpdxDocument } from '../spdx/document.js';

/**
 * Returns whether a document that was checked lists something with this SHA256 (64 lower-case hexadecimal digits): a
 * file, or a package that stands for one file, the way image scanners write the image itself.
 */
export function sbomLists(document: SpdxDocument, sha256: string): boolean {
  const has = ({ checksums = [] }: { readonly checksums?: readonly SpdxChecksum[] }) =>
    checksums.some(
      ({ algorithm, checksumValue }) => algorithm === 'SHA256' && checksumValue.toLowerCase() === sha256,
    );
  return (document.files ?? []).some(has) || (document.packages ?? []).some(has);
}
