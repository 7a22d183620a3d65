// SPDX-License-Identifier: Apache-2.0
import type {
  ChecksumAlgorithm,
  FileType,
  PackagePurpose,
  ReferenceCategory,
  RelationshipType,
} from './vocabulary.js';

/** A digest, in lower-case hexadecimal (clauses 7.10 and 8.4). */
export interface SpdxChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly checksumValue: string;
}

/** A pointer out of the document, such as a purl (clause 7.21). */
export interface SpdxExternalRef {
  readonly referenceCategory: ReferenceCategory;
  readonly referenceType: string;
  readonly referenceLocator: string;
}

/** What identifies the files of a package together (clause 7.9). */
export interface SpdxVerificationCode {
  readonly packageVerificationCodeValue: string;
  readonly packageVerificationCodeExcludedFiles?: readonly string[];
}

/** A package (clause 7). Without `filesAnalyzed: false` its files were looked at, and a verification code is there. */
export interface SpdxPackage {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo?: string;
  readonly packageFileName?: string;
  readonly supplier?: string;
  readonly downloadLocation: string;
  readonly filesAnalyzed?: boolean;
  readonly packageVerificationCode?: SpdxVerificationCode;
  readonly checksums?: readonly SpdxChecksum[];
  readonly licenseConcluded?: string;
  readonly licenseInfoFromFiles?: readonly string[];
  readonly homepage?: string;
  readonly sourceInfo?: string;
  readonly licenseDeclared?: string;
  readonly licenseComments?: string;
  readonly copyrightText?: string;
  readonly comment?: string;
  readonly externalRefs?: readonly SpdxExternalRef[];
  readonly primaryPackagePurpose?: PackagePurpose;
}

/** A file (clause 8); its checksums always hold a SHA1. */
export interface SpdxFile {
  readonly SPDXID: string;
  readonly fileName: string;
  readonly fileTypes?: readonly FileType[];
  readonly checksums: readonly SpdxChecksum[];
  readonly licenseConcluded?: string;
  readonly licenseInfoInFiles?: readonly string[];
  readonly copyrightText?: string;
  readonly comment?: string;
}

/** A licence by its text (clause 10). */
export interface SpdxExtractedLicence {
  readonly licenseId: string;
  readonly extractedText: string;
  readonly name?: string;
}

/** One element's relation to another (clause 11.1). */
export interface SpdxRelationship {
  readonly spdxElementId: string;
  readonly relationshipType: RelationshipType;
  readonly relatedSpdxElement: string;
  readonly comment?: string;
}

/**
 * An SPDX 2.3 document in its JSON form: the members that this package writes and decides by. A document of
 * somebody else's may hold the standard's other members beside these.
 */
export interface SpdxDocument {
  readonly spdxVersion: 'SPDX-2.3';
  readonly dataLicense: 'CC0-1.0';
  readonly SPDXID: 'SPDXRef-DOCUMENT';
  readonly name: string;
  readonly documentNamespace: string;
  readonly creationInfo: {
    readonly created: string;
    readonly creators: readonly string[];
    readonly comment?: string;
  };
  readonly comment?: string;
  readonly documentDescribes?: readonly string[];
  readonly packages?: readonly SpdxPackage[];
  readonly files?: readonly SpdxFile[];
  readonly hasExtractedLicensingInfos?: readonly SpdxExtractedLicence[];
  readonly relationships?: readonly SpdxRelationship[];
}
