// SPDX-License-Identifier: Apache-2.0
export { type CheckOptions, checkSbom, type SbomCheck } from './check.js';
export { checkSbomFiles, type SbomFilesCheck } from './check-files.js';
export { MAX_DEPTH, MAX_SBOM_BYTES } from './json.js';
export { sbomLists } from './lists.js';
export type { Finding, FindingLevel } from './model/finding.js';
export type { Digests, ListedFile } from './rules/measured.js';
