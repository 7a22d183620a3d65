// SPDX-License-Identifier: Apache-2.0
import type { SpdxDocument } from '../spdx/document.js';
import { parseJson } from './json.js';
import { gatherElements } from './model/elements.js';
import type { Finding, Report } from './model/finding.js';
import { checkChecksums } from './rules/checksums.js';
import { checkDocumentFields } from './rules/document.js';
import { checkFileNames } from './rules/files.js';
import { checkIdentifiers } from './rules/identifiers.js';
import { checkLicences } from './rules/licences.js';
import { checkMeasured, type Digests, type ListedFile } from './rules/measured.js';
import { checkPackages } from './rules/packages.js';
import { checkRelationships } from './rules/relationships.js';
import { checkVerificationCodes } from './rules/verification.js';
import { DOCUMENT } from './schema.js';
import { checkShape } from './shape.js';

/** What a check came to. The document is there exactly when nothing was found, so that nobody reads a bad one. */
export type SbomCheck =
  | { readonly valid: true; readonly findings: readonly []; readonly document: SpdxDocument }
  | { readonly valid: false; readonly findings: readonly Finding[]; readonly document: undefined };

export interface CheckOptions {
  /** The digests of a listed file as it is now; undefined for a file that is not at hand, which is then not compared. */
  readonly digestsOf?: (file: ListedFile) => Digests | undefined;
}

const RULES = [
  checkDocumentFields,
  checkIdentifiers,
  checkPackages,
  checkVerificationCodes,
  checkFileNames,
  checkChecksums,
  checkLicences,
  checkRelationships,
];

/**
 * Checks an SPDX 2.3 document in its JSON form, anybody's: the text, the shape, and the clauses that no schema
 * can express. Never throws for what is in the document, and finds everything that is wrong at once.
 */
export function checkSbom(input: string | Uint8Array, options: CheckOptions = {}): SbomCheck {
  const findings: Finding[] = [];
  const report: Report = (clause, { pointer }, message) => {
    findings.push({ clause, pointer, message });
  };
  const root = parseJson(input, report);
  if (root !== undefined) {
    checkShape(root, 'schema', DOCUMENT, report);
  }
  if (root?.isObject) {
    const elements = gatherElements(root);
    for (const rule of RULES) rule(elements, report);
    if (options.digestsOf) checkMeasured(elements, options.digestsOf, report);
  }
  return root === undefined || findings.length > 0
    ? { valid: false, findings, document: undefined }
    : { valid: true, findings: [], document: root.value as SpdxDocument };
}
