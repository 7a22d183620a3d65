// SPDX-License-Identifier: Apache-2.0
/**
 * Every member that the JSON form of SPDX 2.3 knows, with the clause that defines it. What the clauses demand
 * beyond a shape (identifiers, digests, what refers to what) is in the rules.
 */
import {
  CATEGORY_SPELLINGS,
  CHECKSUM_DIGITS,
  DOCUMENT_ID,
  FILE_TYPES,
  PACKAGE_PURPOSES,
  PURPOSE_SPELLINGS,
  REFERENCE_CATEGORIES,
  RELATIONSHIP_TYPES,
} from '../spdx/vocabulary.js';
import { type Member, may, must, type Shape } from './shape.js';

const TEXT: Shape = { type: 'text' };
const STRING: Shape = { type: 'string' };
const BOOLEAN: Shape = { type: 'boolean' };
const INTEGER: Shape = { type: 'integer' };
const TEXTS: Shape = { list: TEXT };
const STRINGS: Shape = { list: STRING };

const checksum = (clause: string): Shape => ({
  members: {
    algorithm: must(clause, { oneOf: Object.keys(CHECKSUM_DIGITS) }),
    checksumValue: must(clause, TEXT),
  },
});

const annotations: Member = may('12', {
  list: {
    members: {
      annotator: must('12.1', TEXT),
      annotationDate: must('12.2', TEXT),
      annotationType: must('12.3', { oneOf: ['OTHER', 'REVIEW'] }),
      comment: must('12.5', STRING),
    },
  },
});

const PACKAGE: Shape = {
  members: {
    name: must('7.1', TEXT),
    SPDXID: must('7.2', TEXT),
    versionInfo: may('7.3', STRING),
    packageFileName: may('7.4', STRING),
    supplier: may('7.5', TEXT),
    originator: may('7.6', TEXT),
    downloadLocation: must('7.7', TEXT),
    filesAnalyzed: may('7.8', BOOLEAN),
    packageVerificationCode: may('7.9', {
      members: {
        packageVerificationCodeValue: must('7.9', TEXT),
        packageVerificationCodeExcludedFiles: may('7.9', TEXTS),
      },
    }),
    checksums: may('7.10', { list: checksum('7.10') }),
    homepage: may('7.11', STRING),
    sourceInfo: may('7.12', STRING),
    licenseConcluded: may('7.13', TEXT),
    licenseInfoFromFiles: may('7.14', TEXTS),
    licenseDeclared: may('7.15', TEXT),
    licenseComments: may('7.16', STRING),
    copyrightText: may('7.17', STRING),
    summary: may('7.18', STRING),
    description: may('7.19', STRING),
    comment: may('7.20', STRING),
    externalRefs: may('7.21', {
      list: {
        members: {
          referenceCategory: must('7.21', {
            oneOf: [...REFERENCE_CATEGORIES, ...Object.keys(CATEGORY_SPELLINGS)],
          }),
          referenceType: must('7.21', TEXT),
          referenceLocator: must('7.21', TEXT),
          comment: may('7.22', STRING),
        },
      },
    }),
    attributionTexts: may('7.23', STRINGS),
    primaryPackagePurpose: may('7.24', { oneOf: [...PACKAGE_PURPOSES, ...Object.keys(PURPOSE_SPELLINGS)] }),
    releaseDate: may('7.25', TEXT),
    builtDate: may('7.26', TEXT),
    validUntilDate: may('7.27', TEXT),
    hasFiles: may('11.1', TEXTS),
    annotations,
  },
};

const FILE: Shape = {
  members: {
    fileName: must('8.1', TEXT),
    SPDXID: must('8.2', TEXT),
    fileTypes: may('8.3', { list: { oneOf: FILE_TYPES } }),
    checksums: must('8.4', { list: checksum('8.4'), atLeast: 1 }),
    licenseConcluded: may('8.5', TEXT),
    licenseInfoInFiles: may('8.6', TEXTS),
    licenseComments: may('8.7', STRING),
    copyrightText: may('8.8', STRING),
    artifactOfs: may('8.9', { list: { type: 'object' } }),
    comment: may('8.12', STRING),
    noticeText: may('8.13', STRING),
    fileContributors: may('8.14', STRINGS),
    attributionTexts: may('8.15', STRINGS),
    fileDependencies: may('8.16', TEXTS),
    annotations,
  },
};

const snippetEnd: Shape = {
  members: { reference: must('9.3', TEXT), offset: may('9.3', INTEGER), lineNumber: may('9.4', INTEGER) },
};

const SNIPPET: Shape = {
  members: {
    SPDXID: must('9.1', TEXT),
    snippetFromFile: must('9.2', TEXT),
    ranges: must('9.3', {
      list: { members: { startPointer: must('9.3', snippetEnd), endPointer: must('9.3', snippetEnd) } },
      atLeast: 1,
    }),
    licenseConcluded: may('9.5', TEXT),
    licenseInfoInSnippets: may('9.6', TEXTS),
    licenseComments: may('9.7', STRING),
    copyrightText: may('9.8', STRING),
    comment: may('9.9', STRING),
    name: must('9.10', TEXT),
    attributionTexts: may('9.11', STRINGS),
    annotations,
  },
};

const EXTRACTED_LICENCE: Shape = {
  members: {
    licenseId: must('10.1', TEXT),
    extractedText: must('10.2', TEXT),
    name: may('10.3', STRING),
    seeAlsos: may('10.4', STRINGS),
    crossRefs: may('10.4', {
      list: {
        members: {
          url: must('10.4', TEXT),
          isLive: may('10.4', BOOLEAN),
          isValid: may('10.4', BOOLEAN),
          isWayBackLink: may('10.4', BOOLEAN),
          match: may('10.4', STRING),
          order: may('10.4', INTEGER),
          timestamp: may('10.4', STRING),
        },
      },
    }),
    comment: may('10.5', STRING),
  },
};

/** The shape of a whole document. */
export const DOCUMENT: Shape = {
  members: {
    $schema: may('schema', STRING),
    spdxVersion: must('6.1', { oneOf: ['SPDX-2.3'] }),
    dataLicense: must('6.2', { oneOf: ['CC0-1.0'] }),
    SPDXID: must('6.3', { oneOf: [DOCUMENT_ID] }),
    name: must('6.4', TEXT),
    documentNamespace: must('6.5', TEXT),
    externalDocumentRefs: may('6.6', {
      list: {
        members: {
          externalDocumentId: must('6.6', TEXT),
          spdxDocument: must('6.6', TEXT),
          checksum: must('6.6', checksum('6.6')),
        },
      },
    }),
    creationInfo: must('6.8', {
      members: {
        licenseListVersion: may('6.7', STRING),
        creators: must('6.8', { list: TEXT, atLeast: 1 }),
        created: must('6.9', TEXT),
        comment: may('6.10', STRING),
      },
    }),
    comment: may('6.11', STRING),
    packages: may('7', { list: PACKAGE }),
    files: may('8', { list: FILE }),
    snippets: may('9', { list: SNIPPET }),
    hasExtractedLicensingInfos: may('10', { list: EXTRACTED_LICENCE }),
    documentDescribes: may('11.1', TEXTS),
    relationships: may('11', {
      list: {
        members: {
          spdxElementId: must('11.1', TEXT),
          relationshipType: must('11.1', { oneOf: RELATIONSHIP_TYPES }),
          relatedSpdxElement: must('11.1', TEXT),
          comment: may('11.2', STRING),
        },
      },
    }),
    revieweds: may('13', {
      list: {
        members: {
          reviewer: may('13.1', TEXT),
          reviewDate: must('13.2', TEXT),
          comment: may('13.3', STRING),
        },
      },
    }),
    annotations,
  },
};
