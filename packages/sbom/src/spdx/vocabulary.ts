// SPDX-License-Identifier: Apache-2.0
/** Length in hexadecimal digits of each checksum algorithm's value (SPDX 2.3 clauses 7.10 and 8.4); MD6 may have any. */
export const CHECKSUM_DIGITS = {
  ADLER32: 8,
  'BLAKE2b-256': 64,
  'BLAKE2b-384': 96,
  'BLAKE2b-512': 128,
  BLAKE3: 64,
  MD2: 32,
  MD4: 32,
  MD5: 32,
  MD6: undefined,
  SHA1: 40,
  SHA224: 56,
  SHA256: 64,
  SHA384: 96,
  SHA512: 128,
  'SHA3-256': 64,
  'SHA3-384': 96,
  'SHA3-512': 128,
} as const;

/** A checksum algorithm by its SPDX 2.3 name. */
export type ChecksumAlgorithm = keyof typeof CHECKSUM_DIGITS;

/** What a file is (clause 8.3). `IMAGE` means a picture; a disk image is `ARCHIVE`. */
export const FILE_TYPES = [
  'SOURCE',
  'BINARY',
  'ARCHIVE',
  'APPLICATION',
  'AUDIO',
  'IMAGE',
  'TEXT',
  'VIDEO',
  'DOCUMENTATION',
  'SPDX',
  'OTHER',
] as const;
export type FileType = (typeof FILE_TYPES)[number];

/** What a package is for (clause 7.24). */
export const PACKAGE_PURPOSES = [
  'APPLICATION',
  'FRAMEWORK',
  'LIBRARY',
  'CONTAINER',
  'OPERATING_SYSTEM',
  'DEVICE',
  'FIRMWARE',
  'SOURCE',
  'ARCHIVE',
  'FILE',
  'INSTALL',
  'OTHER',
] as const;
export type PackagePurpose = (typeof PACKAGE_PURPOSES)[number];

/** Other spellings of a purpose, as the prose of clause 7.24 has it; the JSON schema, and we, have the one behind it. */
export const PURPOSE_SPELLINGS: Readonly<Record<string, PackagePurpose>> = {
  'OPERATING-SYSTEM': 'OPERATING_SYSTEM',
};

/** How two elements relate (clause 11.1). */
export const RELATIONSHIP_TYPES = [
  'DESCRIBES',
  'DESCRIBED_BY',
  'CONTAINS',
  'CONTAINED_BY',
  'DEPENDS_ON',
  'DEPENDENCY_OF',
  'DEPENDENCY_MANIFEST_OF',
  'BUILD_DEPENDENCY_OF',
  'DEV_DEPENDENCY_OF',
  'OPTIONAL_DEPENDENCY_OF',
  'PROVIDED_DEPENDENCY_OF',
  'TEST_DEPENDENCY_OF',
  'RUNTIME_DEPENDENCY_OF',
  'EXAMPLE_OF',
  'GENERATES',
  'GENERATED_FROM',
  'ANCESTOR_OF',
  'DESCENDANT_OF',
  'VARIANT_OF',
  'DISTRIBUTION_ARTIFACT',
  'PATCH_FOR',
  'PATCH_APPLIED',
  'COPY_OF',
  'FILE_ADDED',
  'FILE_DELETED',
  'FILE_MODIFIED',
  'EXPANDED_FROM_ARCHIVE',
  'DYNAMIC_LINK',
  'STATIC_LINK',
  'DATA_FILE_OF',
  'TEST_CASE_OF',
  'BUILD_TOOL_OF',
  'DEV_TOOL_OF',
  'TEST_OF',
  'TEST_TOOL_OF',
  'DOCUMENTATION_OF',
  'OPTIONAL_COMPONENT_OF',
  'METAFILE_OF',
  'PACKAGE_OF',
  'AMENDS',
  'PREREQUISITE_FOR',
  'HAS_PREREQUISITE',
  'REQUIREMENT_DESCRIPTION_FOR',
  'SPECIFICATION_FOR',
  'OTHER',
] as const;
export type RelationshipType = (typeof RELATIONSHIP_TYPES)[number];

/** Where an external reference points (clause 7.21). */
export const REFERENCE_CATEGORIES = ['SECURITY', 'PACKAGE-MANAGER', 'PERSISTENT-ID', 'OTHER'] as const;
export type ReferenceCategory = (typeof REFERENCE_CATEGORIES)[number];

/** Other spellings of a category, as later schemas of 2.3 have them; what is written has the one behind it. */
export const CATEGORY_SPELLINGS: Readonly<Record<string, ReferenceCategory>> = {
  PACKAGE_MANAGER: 'PACKAGE-MANAGER',
  PERSISTENT_ID: 'PERSISTENT-ID',
};

/** What stands where nothing is claimed, and where there is nothing. */
export const NOASSERTION = 'NOASSERTION';
export const NONE = 'NONE';

/** The identifier that every document has of itself (clause 6.3). */
export const DOCUMENT_ID = 'SPDXRef-DOCUMENT';
