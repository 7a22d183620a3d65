// SPDX-License-Identifier: Apache-2.0
import type { SpdxDocument } from '../spdx/document.js';
import { parseJson } from './json.js';
import { gatherElements } from './model/elements.js';
import { type Finding, Findings } from './model/finding.js';
import { checkAnnotations } from './rules/annotations.js';
import { checkChecksums } from './rules/checksums.js';
import { checkDocumentFields } from './rules/document.js';
import { checkFileNames } from './rules/files.js';
import { checkIdentifiers } from './rules/identifiers.js';
import { checkLicences } from './rules/licences.js';
import { checkMeasured, type Digests, type ListedFile } from './rules/measured.js';
import { checkPackages } from './rules/packages.js';
import { checkReferences } from './rules/references.js';
import { checkRelationships } from './rules/relationships.js';
import { checkVerificationCodes } from './rules/verification.js';
import { DOCUMENT } from './schema.js';
import { checkShape } from './shape.js';

interface Found {
  /** Errors first, then advice; at most `MAX_FINDINGS` of each. */
  readonly findings: readonly Finding[];
  /** How many there were beyond those. */
  readonly omitted: number;
}

/** What a check came to. The document is there exactly when there was no error, so that nobody reads a bad one. */
export type SbomCheck = Found &
  (
    | { readonly valid: true; readonly document: SpdxDocument }
    | { readonly valid: false; readonly document: undefined }
  );

export interface CheckOptions {
  /**
   * Returns the digests of a listed file as it is now; undefined for a file that is not at hand, which is then not
   * compared.
   */
  readonly digestsOf?: (file: ListedFile) => Digests | undefined;
}

const RULES = [
  checkDocumentFields,
  checkIdentifiers,
  checkPackages,
  checkReferences,
  checkVerificationCodes,
  checkFileNames,
  checkChecksums,
  checkLicences,
  checkRelationships,
  checkAnnotations,
];

/**
 * Checks an SPDX 2.3 document in its JSON form, anybody's: the text, the shape, and the clauses that no schema
 * can express. Never throws for what is in the document, and finds everything that is wrong at once.
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { checkSbom } from '@latticra/sbom';
 *
 * const { findings } = checkSbom(readFileSync('sbom.spdx.json'));
 * for (const { level, message } of findings) console.log(level, message);
 */
export function checkSbom(input: string | Uint8Array, options: CheckOptions = {}): SbomCheck {
  const found = new Findings();
  const { report } = found;
  const root = parseJson(input, report);
  if (root !== undefined) {
    checkShape(root, 'schema', DOCUMENT, report);
  }
  if (root?.isObject) {
    const elements = gatherElements(root);
    for (const rule of RULES) rule(elements, report);
    if (options.digestsOf) checkMeasured(elements, options.digestsOf, report);
  }
  const { list: findings, omitted } = found;
  return root === undefined || found.hasErrors
    ? { valid: false, findings, omitted, document: undefined }
    : { valid: true, findings, omitted, document: root.value as SpdxDocument };
}
