// SPDX-License-Identifier: Apache-2.0
import type { SpdxFile, SpdxPackage } from '../spdx/document.js';
import { verificationCode } from '../spdx/verification-code.js';
import { NOASSERTION } from '../spdx/vocabulary.js';
import type { SbomFile, SbomPackage } from './input.js';

/** Returns the identifier in the document of an element that the input calls `id`. */
export const spdxId = (id: string) => `SPDXRef-${id}`;

/** Makes the entry of a file. Its licence is never concluded: what a file says of itself is found in it, no more. */
export function spdxFile(file: SbomFile): SpdxFile {
  const size = `${file.size} bytes`;
  return {
    fileName: file.name,
    SPDXID: spdxId(file.id),
    fileTypes: file.types,
    checksums: [
      { algorithm: 'SHA1', checksumValue: file.sha1 },
      { algorithm: 'SHA256', checksumValue: file.sha256 },
    ],
    licenseConcluded: NOASSERTION,
    licenseInfoInFiles: [file.licence ?? NOASSERTION],
    copyrightText: file.copyright ?? NOASSERTION,
    comment: file.comment === undefined ? size : `${size}; ${file.comment}`,
  };
}

/**
 * Makes the entry of a package. The fields that only a package with analyzed files may have are there exactly when it
 * has them.
 */
export function spdxPackage(item: SbomPackage): SpdxPackage {
  return {
    name: item.name,
    SPDXID: spdxId(item.id),
    ...(item.version !== undefined && { versionInfo: item.version }),
    ...(item.fileName !== undefined && { packageFileName: item.fileName }),
    ...(item.supplier !== undefined && { supplier: item.supplier }),
    downloadLocation: item.downloadLocation ?? NOASSERTION,
    filesAnalyzed: item.files !== undefined,
    ...(item.files !== undefined && analyzed(item.files, item.excludedFiles)),
    ...(item.sha256 !== undefined && { checksums: [{ algorithm: 'SHA256', checksumValue: item.sha256 }] }),
    ...(item.homepage !== undefined && { homepage: item.homepage }),
    ...(item.sourceInfo !== undefined && { sourceInfo: item.sourceInfo }),
    licenseConcluded: NOASSERTION,
    licenseDeclared: item.declaredLicence ?? NOASSERTION,
    ...(item.licenceComment !== undefined && { licenseComments: item.licenceComment }),
    copyrightText: item.copyright ?? NOASSERTION,
    ...(item.comment !== undefined && { comment: item.comment }),
    ...(item.purl !== undefined && {
      externalRefs: [
        { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: item.purl },
      ],
    }),
    ...(item.purpose !== undefined && { primaryPackagePurpose: item.purpose }),
  };
}

function analyzed(
  files: readonly SbomFile[],
  excludedFiles: readonly string[] = [],
): Pick<SpdxPackage, 'packageVerificationCode' | 'licenseInfoFromFiles'> {
  const counted = files.filter(({ name }) => !excludedFiles.includes(name));
  const licences = new Set(files.map(({ licence }) => licence ?? NOASSERTION));
  return {
    packageVerificationCode: {
      packageVerificationCodeValue: verificationCode(counted.map(({ sha1 }) => sha1)),
      ...(excludedFiles.length > 0 && { packageVerificationCodeExcludedFiles: excludedFiles }),
    },
    licenseInfoFromFiles: [...licences].sort(),
  };
}
