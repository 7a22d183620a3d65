// SPDX-License-Identifier: Apache-2.0
export { type CheckOptions, checkSbom, type SbomCheck } from './check.js';
export { checkSbomFiles, type SbomFilesCheck } from './check-files.js';
export { type Finding, type FindingLevel, MAX_FINDINGS } from './model/finding.js';
export { MAX_CONTAINERS, MAX_DEPTH, MAX_SBOM_BYTES, MAX_VALUES } from './json.js';
export { sbomLists } from './lists.js';
export type { Digests, ListedFile } from './rules/measured.js';
