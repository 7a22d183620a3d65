// SPDX-License-Identifier: Apache-2.0
export { SealError, type SealErrorCode } from './error.js';
export { type Changes, compareHashLists } from './hash-list/compare.js';
export type { HashEntry } from './hash-list/entry.js';
export { formatHashList, rootDigest } from './hash-list/format.js';
export { parseHashList } from './hash-list/parse.js';
export { formatManifest } from './manifest/format.js';
export { parseManifest } from './manifest/parse.js';
export { type ProjectIdentity, SEAL_FILES, type SealManifest } from './manifest/schema.js';
export type { Entry } from './pattern.js';
export type { Check, CheckResult } from './report/checks.js';
export type { Findings, SealCommand } from './report/findings.js';
export { type Initiated, initManifest } from './run/init.js';
export { loadManifest } from './run/manifest.js';
export type { SealOptions } from './run/options.js';
export { type SealOutcome, seal } from './run/seal.js';
export { withRoot } from './run/session.js';
export { readArtifact, type Streamed } from './run/stream.js';
export { serveHelper } from './scope/serve.js';
